/** Tests the input of an artifact's own smoke test: its files, and the stack's outputs as variables. */
import { describe, expect, it } from "vitest";
import { smokeInput } from "#journey/smoke-input.ts";
import { errorOf } from "#test/release/samples.ts";
import { type ArtifactFiles, topicTemplate } from "#test/support/artifact.ts";
import { dev, job, pipelineFixture } from "./pipeline-fixture.ts";

async function handed(files: ArtifactFiles) {
  const deps = await pipelineFixture({ "template.yaml": topicTemplate("T"), ...files });
  deps.applications.set(dev, "kedge-app-dev-shop", { outputs: { ApiUrl: "https://api" } });
  await smokeInput(deps, job("Release", "SmokeInput_dev"));
  const { "buildspec.yml": buildspec = "", ...others } = await deps.written("SmokeInput_dev");
  return { buildspec: JSON.parse(buildspec) as Record<string, unknown>, files: others, deps };
}

describe("a smoke-test script", () => {
  it("runs with the outputs of its environment's stack, and with the environment's name and account", async () => {
    const { buildspec, files, deps } = await handed({
      "smoke-test.sh": "#!/bin/sh\ntrue",
      "smoke/data.json": "{}",
      "src/index.js": "1",
    });
    expect(buildspec).toMatchObject({
      version: 0.2,
      env: {
        variables: {
          ApiUrl: "https://api",
          KEDGE_ENVIRONMENT: "dev",
          KEDGE_ACCOUNT: "222222222222",
          KEDGE_VERSION: deps.release.artifact.versionId,
        },
      },
      phases: { build: { commands: ["chmod +x ./smoke-test.sh", "./smoke-test.sh"] } },
    });
    expect(files).toEqual({ "smoke-test.sh": "#!/bin/sh\ntrue", "smoke/data.json": "{}" });
  });
});

describe("a smoke-test buildspec", () => {
  it("keeps its content and gets the outputs as further variables", async () => {
    const own =
      "version: 0.2\nenv:\n  variables: { MINE: a, ApiUrl: b }\nphases:\n  build:\n    commands: [make test]\n";
    const { buildspec } = await handed({ "buildspec.smoke.yml": own });
    expect(buildspec).toMatchObject({
      version: 0.2,
      env: { variables: { MINE: "a", ApiUrl: "https://api" } },
      phases: { build: { commands: ["make test"] } },
    });
  });

  it.each(["just text", "a: 1\na: 2"])(
    "a malformed buildspec (%j) fails the test with its file name",
    async (content) => {
      const error = await errorOf(() => handed({ "buildspec.smoke.yml": content }));
      expect(error?.code).toBe("SmokeTestFailed");
      expect(error?.message).toContain("buildspec.smoke.yml");
    },
  );
});

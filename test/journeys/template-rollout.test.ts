/**
 * Tests a release template of the cloud team, as its publisher role: it is published, compared, rolled out,
 * halted and taken back.
 */
import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { S3Client } from "@aws-sdk/client-s3";
import { expect, test } from "vitest";
import { resultsS3 } from "#aws/results-s3.ts";
import { readResult } from "#operate/read-result.ts";
import { zipOf } from "#test/support/artifact.ts";
import { estate, shopLine, until } from "#test/support/estate.ts";
import { hasTerminal, kedge, type Ran } from "#test/support/kedge.ts";

const shop = estate();
const asPublisher = (...words: string[]): Promise<Ran> =>
  kedge(["template", ...words], { shop, account: "101010101010", role: "kedge-template-publisher" });

/** An administrator of the central account is another person than the publisher. */
const confirmed = async (label: string): Promise<void> => {
  const central = { shop, account: "101010101010" };
  const waiting = await kedge(["template", "confirm"], central);
  const command = waiting.stdout.split("\n").find((line) => line.includes(`confirm ${label} --digest`)) ?? "";
  const ran = await kedge(command.trim().split(" ").slice(1), central);
  expect([ran.code, ran.stderr]).toEqual([0, ""]);
  expect(ran.stdout).toContain(`confirmed ${label}`);
};

/** The folder of all versions of a template. It is inside the checkout, because the template imports from it. */
const templates = (name: string): string => join("test", ".made", name);

/** Makes a folder that has the template's name. */
async function templateFolder(name: string, version: string, more: string): Promise<string> {
  const folder = join(templates(name), version, name);
  await mkdir(folder, { recursive: true });
  await writeFile(
    join(folder, "template.ts"),
    `import { stackPlan } from "#release/plan/plan-build.ts";
import type { ReleaseTemplate } from "#release/template/template.ts";
import { integer, object, optional } from "#release/document/shape.ts";
export const ${name}: ReleaseTemplate = {
  name: "${name}", version: "${version}", summary: "One small template.",
  rollback: { within: "minutes", by: "a stack update" },
  settings: object({ size: optional(integer(1, 9)) }),
  entries: [{ matches: /^${name}\\.json$/, rank: 0, means: "a ${name}.json" }],
  detect: () => ({ fits: true, reason: "it is there." }),
  ${more}
};
`,
  );
  return folder;
}

const artifact = (name: string) =>
  zipOf({ [`${name}.json`]: '{"Resources":{"T":{"Type":"AWS::SNS::Topic"}}}' });

test("a version moves lines wave by wave, halts at the first failure, and is taken back", async () => {
  const name = "tiny";
  const [one, two] = [shopLine("tiny-one", "feature/a"), shopLine("tiny-two", "feature/b")];
  try {
    const first = await asPublisher(
      "publish",
      await templateFolder(name, "1.0.0", "plan: stackPlan,"),
      "--changelog",
      "first",
    );
    expect([first.code, first.stderr]).toEqual([0, ""]);
    expect(first.stdout).toContain(`Before a line can use it, a second person has to confirm it`);
    await confirmed(`${name}@1.0.0`);
    for (const line of [one, two]) {
      const version = await shop.upload(line, await artifact(name));
      expect((await shop.result(line, version)).template).toMatchObject({ name, version: "1.0.0" });
    }

    const longer = `plan: (request) => {
      const plan = stackPlan(request);
      return { ...plan, stages: plan.stages.map((stage) => ({ ...stage, name: stage.name === "Package" ? "Pack" : stage.name })) };
    },`;
    const folder = await templateFolder(name, "1.1.0", longer);
    const next = await asPublisher("publish", folder, "--changelog", "renames a stage");
    expect([next.code, next.stdout]).toEqual([
      0,
      expect.stringContaining(`See what it would change: kedge template impact ${folder}`),
    ]);
    const impact = await asPublisher("impact", folder);
    expect(impact.code).toBe(0);
    expect(impact.stdout).toMatch(/111111111111\/tiny-one\/feature\/a\n.*\+ stages: Pack/);
    expect(impact.stdout).toContain("2 changed");
    const early = await asPublisher("rollout", `${name}@1.1.0`);
    expect([early.code, early.stderr]).toEqual([
      1,
      expect.stringContaining("One person has signed tiny@1.1.0."),
    ]);
    await confirmed(`${name}@1.1.0`);

    const moved = await asPublisher("rollout", `${name}@1.1.0`, "--wave", "app=tiny-one");
    expect([moved.code, moved.stdout]).toEqual([0, expect.stringContaining("tiny 1.0.0 → 1.1.0: done")]);
    expect(moved.stdout).toMatch(/app=tiny-one: 1 of 1 line[\s\S]*the rest: 2 of 2 lines/);
    const after = await shop.result(one, "latest");
    expect(after).toMatchObject({ status: "released", template: { version: "1.1.0" } });
    expect(after.stages.map((stage) => stage.name)).toContain("Pack");

    const broken = `plan: () => { throw new Error("no idea"); },`;
    await asPublisher("publish", await templateFolder(name, "1.2.0", broken), "--changelog", "breaks");
    const waiting = await asPublisher("impact", `${name}@1.2.0`);
    expect([waiting.code, waiting.stderr]).toEqual([2, expect.stringContaining("TemplateUnconfirmed")]);
    await confirmed(`${name}@1.2.0`);
    const lost = await asPublisher("impact", `${name}@1.2.0`);
    expect([lost.code, lost.stdout]).toEqual([1, expect.stringContaining("unavailable: TemplateFailed")]);
    const halted = await asPublisher("rollout", `${name}@1.2.0`, "--wave", "app=tiny-two");
    expect([halted.code, halted.stdout]).toEqual([1, expect.stringContaining("halted in wave 1 of 2")]);
    expect(halted.stdout).toContain("TemplateFailed: tiny@1.2.0 failed in its plan: no idea");
    expect(await shop.result(one, "latest")).toMatchObject({ template: { version: "1.1.0" } });

    const back = await asPublisher("rollback", name);
    expect([back.code, back.stdout]).toEqual([0, expect.stringContaining("tiny@1.1.0 is current again")]);
    await until("the line's release with the version before", async () => {
      const result = await readResult(
        resultsS3(shop.clients(S3Client, two.account), shop.bucket),
        two,
        "latest",
      );
      return result?.status === "released" ? result : undefined;
    });
    const status = await asPublisher("rollout", name, "--status");
    expect(status.stdout).toContain("taken back");
  } finally {
    await rm(templates(name), { recursive: true, force: true });
    for (const line of [one, two]) await shop.upload(line, new Uint8Array(0));
  }
});

test("a breaking change of settings needs a major version, and a published version never changes", async () => {
  const name = "narrow";
  const folder = await templateFolder(name, "1.0.0", "plan: stackPlan,");
  try {
    expect((await asPublisher("publish", folder, "--changelog", "first")).code).toBe(0);
    const text = await templateFolder(name, "1.1.0", "plan: stackPlan,");
    const file = join(text, "template.ts");
    await writeFile(file, (await readFile(file, "utf8")).replace("integer(1, 9)", "integer(1, 5)"));
    const rejection = await asPublisher("publish", text, "--changelog", "narrower");
    expect([rejection.code, rejection.stderr]).toEqual([
      2,
      expect.stringContaining("it has to be 2.0.0 or higher"),
    ]);
    await writeFile(
      join(folder, "template.ts"),
      `${await readFile(join(folder, "template.ts"), "utf8")}\nexport const more = 1;\n`.replace(
        "One small",
        "Another",
      ),
    );
    const changed = await asPublisher("publish", folder, "--changelog", "again");
    expect([changed.code, changed.stderr]).toEqual([2, expect.stringContaining("TemplateVersionTaken")]);
    const untyped = await templateFolder(name, "3.0.0", "plan: 5,");
    const wrong = await asPublisher("publish", untyped, "--changelog", "wrong");
    expect([wrong.code, wrong.stderr]).toEqual([2, expect.stringContaining("does not type-check")]);
  } finally {
    await rm(templates(name), { recursive: true, force: true });
  }
});

test.skipIf(!hasTerminal)(
  "a withdrawal asks at a terminal, and uploads of the only version are rejected (skipped without util-linux)",
  async () => {
    const name = "retired";
    const folder = await templateFolder(name, "1.0.0", "plan: stackPlan,");
    const line = shopLine("retired-one", "feature/a");
    try {
      expect((await asPublisher("publish", folder, "--changelog", "first")).code).toBe(0);
      await confirmed(`${name}@1.0.0`);
      const words = ["template", "withdraw", `${name}@1.0.0`, "--reason", "It has a hole."];
      const person = { shop, account: "101010101010", role: "kedge-template-publisher" };
      const no = await kedge(words, { ...person, typed: "no\n" });
      expect([no.code, no.stdout]).toEqual([64, expect.stringContaining("Nothing was done")]);
      expect(no.stdout).toContain("Every version of retired is withdrawn: new releases are rejected.");
      expect((await asPublisher("list")).stdout).not.toContain("It has a hole.");
      const yes = await kedge(words, { ...person, typed: "yes\n" });
      expect([yes.code, yes.stdout]).toEqual([
        0,
        expect.stringContaining("retired@1.0.0 is withdrawn since"),
      ]);
      const again = await kedge(words, person);
      expect([again.code, again.stdout]).toEqual([0, expect.not.stringContaining("Type yes")]);
      const republished = await asPublisher("publish", folder, "--changelog", "again");
      expect([republished.code, republished.stdout]).toEqual([2, ""]);
      expect(republished.stderr).toMatch(
        /retired@1\.0\.0 is published already, and it was withdrawn .*Raise the version/,
      );

      const version = await shop.upload(line, await artifact(name));
      const { status, reason } = await shop.result(line, version);
      expect([status, reason.code]).toEqual(["rejected", "NoTemplateFits"]);
      expect(reason.sentence).toMatch(
        /retired@1\.0\.0 was withdrawn on [-0-9]+: It has a hole\. Every version of retired is withdrawn\. If the artifact is for retired, ask the cloud team to publish a version\./,
      );
    } finally {
      await rm(templates(name), { recursive: true, force: true });
      await shop.upload(line, new Uint8Array(0));
    }
  },
);

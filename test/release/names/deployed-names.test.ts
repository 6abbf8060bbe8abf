import { expect, it } from "vitest";
import { folders, pipelinePrefix, smokeProject } from "#release/names/deployed-names.ts";
import { artifactNames, cacheKeys, pipelineName } from "#release/names/names.ts";
import { registryKeys } from "#release/names/registry-keys.ts";

const line = { account: "111111111111", app: "shop", branch: "main" };

it("keeps the keys of the registry, which live accounts hold", () => {
  expect(registryKeys.estate).toBe("estate/estate.yml");
  expect(registryKeys.templates).toBe("templates/index.json");
  expect(registryKeys.supplement).toBe("templates/index-supplement.json");
  expect(registryKeys.template("sam", "1.0.0", "0a")).toBe("templates/sam/1.0.0/0a.mjs");
  expect(registryKeys.settings("sam", "1.0.0", "0a")).toBe("templates/sam/1.0.0/0a.settings.json");
});

it("keeps the keys of the cache, which live accounts hold", () => {
  expect(cacheKeys.line("shop")).toBe("lines/shop/line.json");
  expect(cacheKeys.bundle("shop")).toBe("lines/shop/release.zip");
  expect(cacheKeys.asset("0a", ".zip")).toBe("parts/0a.zip");
  expect(folders).toMatchObject({ results: "results/", lambdas: "lambdas/", governor: "governor/" });
});

it("begins the names of pipelines with the prefix that roles name", () => {
  expect(pipelineName(line)).toMatch(new RegExp(`^${pipelinePrefix}`));
});

it("reads in the smoke test what CodePipeline makes of the artifact's name", () => {
  expect(artifactNames.smokeInput("dev").slice(0, 10)).toMatch(/^Smoke_/);
  expect(smokeProject).toBe("kedge-smoke-test");
});

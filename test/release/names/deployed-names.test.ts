import { expect, it } from "vitest";
import * as stacks from "#release/names/deployed-names.ts";
import * as names from "#release/names/names.ts";
import * as core from "#release/names/places.ts";

const line = { account: "111111111111", app: "shop", branch: "main" };

it("calls buckets, roles, queues and keys what the core calls them", () => {
  expect({
    artifacts: stacks.artifactBucket("1", "r"),
    registry: stacks.registryBucket("1", "r"),
    cache: stacks.cacheBucket("1", "r"),
    cacheKeyAlias: stacks.cacheKeyAlias,
    lineQueues: stacks.lineQueues,
    packageFunction: stacks.functions.package,
    prepareFunction: stacks.functions.prepare,
    smokeFunction: stacks.functions.smoke,
    verifyFunction: stacks.functions.verify,
    callFunction: stacks.functions.call,
    siteFunction: stacks.functions.site,
    pipelineRole: stacks.roles.pipeline,
    pipelineStackRole: stacks.roles.pipelineStack,
    smokeProject: stacks.smokeProject,
    deployRole: stacks.roles.deploy,
    executionRole: stacks.roles.cloudformation,
  }).toEqual({
    artifacts: core.artifactsBucket("1", "r"),
    registry: core.registryBucket("1", "r"),
    cache: core.cacheBucket("1", "r"),
    ...core.places,
  });
});

it("names folders that the core's keys are in", () => {
  expect(core.registryKeys.estate).toMatch(new RegExp(`^${stacks.folders.estate}`));
  expect(core.registryKeys.templates).toMatch(new RegExp(`^${stacks.folders.templates}`));
  expect(core.registryKeys.template("sam", "1.0.0", "0")).toMatch(new RegExp(`^${stacks.folders.templates}`));
  expect(names.cacheKeys.lines).toBe(stacks.folders.lines);
  expect(names.cacheKeys.part("0")).toMatch(new RegExp(`^${stacks.folders.parts}`));
});

it("knows the prefixes of pipelines and application stacks", () => {
  expect(names.pipelinePrefix).toBe(stacks.pipelinePrefix);
  expect(names.appStackPrefix).toBe(stacks.applicationPrefix);
  expect(names.pipelineName(line)).toMatch(new RegExp(`^${stacks.pipelinePrefix}`));
});

it("reads in the smoke test what CodePipeline makes of the artifact's name", () => {
  expect(names.artifactNames.smokeInput("dev").slice(0, 10)).toBe("SmokeInput");
});

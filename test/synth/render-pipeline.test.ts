import { mkdtemp, readdir, rmdir } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it, vi } from "vitest";
import type { Action, Plan } from "#release/plan/plan.ts";
import type { Target } from "#release/traits/targets.ts";
import { renderPipeline } from "#synth/render-pipeline.ts";

const target: Target = {
  environment: "prod",
  names: ["prod"],
  wave: "prod",
  account: "444444444444",
  region: "us-east-1",
  approval: true,
  approvalTimeoutMinutes: 60,
  protected: true,
};
const stackName = "kedge-app-prod-shop-main-abc";
const actions: readonly Action[] = [
  {
    type: "prepare",
    name: "Prepare",
    order: 1,
    target,
    stackName,
    input: "Packaged",
    output: "Prepared_prod",
  },
  {
    type: "change-set",
    name: "ChangeSet",
    order: 2,
    target,
    stackName,
    changeSetName: "kedge",
    input: "Prepared_prod",
    template: "Prepared_prod::template.json",
    configuration: "Prepared_prod::config.json",
    capabilities: ["CAPABILITY_IAM", "CAPABILITY_AUTO_EXPAND"],
  },
  { type: "approve", name: "Approve", order: 3, target, message: "Release to prod?", timeoutMinutes: 60 },
  {
    type: "execute",
    name: "Execute",
    order: 4,
    target,
    stackName,
    changeSetName: "kedge",
    namespace: "prod-outputs",
  },
  {
    type: "smoke-input",
    name: "SmokeInput",
    order: 5,
    target,
    stackName,
    smoke: { kind: "script", path: "smoke-test.sh" },
    input: "Packaged",
    output: "SmokeInput_prod",
  },
  { type: "smoke-test", name: "SmokeTest", order: 6, target, input: "SmokeInput_prod" },
];
const plan: Plan = {
  schema: 1,
  line: { account: "111111111111", app: "shop", branch: "main" },
  pipeline: "kedge-line-shop-main-abc",
  region: "us-east-1",
  template: { name: "sam", version: "1.0.0", sha256: "0".repeat(64) },
  targets: [target],
  stages: [
    {
      name: "Source",
      actions: [
        {
          type: "source",
          name: "Release",
          order: 1,
          bucket: "cache",
          key: "lines/x/release.zip",
          output: "Release",
        },
      ],
    },
    {
      name: "Package",
      actions: [
        {
          type: "package",
          name: "Package",
          order: 1,
          input: "Release",
          output: "Packaged",
          namespace: "package",
        },
      ],
    },
    { name: "prod", actions },
  ],
};
const setting = {
  account: "111111111111",
  region: "us-east-1",
  cacheBucket: "cache",
  cacheKeyArn: "arn:aws:kms:us-east-1:111111111111:key/k",
};

type Rendered = {
  readonly Resources: Record<string, { readonly Type: string; readonly Properties: Record<string, unknown> }>;
};
const rendered = (text: string): Rendered => JSON.parse(text) as Rendered;
const stagesOf = (text: string) =>
  Object.values(rendered(text).Resources)[0]?.Properties["Stages"] as {
    Name: string;
    Actions: Record<string, unknown>[];
  }[];

describe("a rendered plan", () => {
  it("has one pipeline and nothing else", () => {
    const { Resources } = rendered(renderPipeline(plan, setting));
    expect(Object.values(Resources).map(({ Type }) => Type)).toEqual(["AWS::CodePipeline::Pipeline"]);
    expect(Object.values(Resources)[0]?.Properties).toMatchObject({
      Name: plan.pipeline,
      PipelineType: "V2",
      ExecutionMode: "SUPERSEDED",
      RoleArn: "arn:aws:iam::111111111111:role/kedge-pipeline",
      ArtifactStore: { Location: "cache", EncryptionKey: { Id: setting.cacheKeyArn, Type: "KMS" } },
    });
  });

  it("has the same bytes for the same plan", () => {
    expect(renderPipeline(plan, setting)).toBe(renderPipeline(structuredClone(plan), setting));
  });

  it("leaves nothing in the temporary folder", async () => {
    const folder = await mkdtemp(join(tmpdir(), "kedge-render-"));
    vi.stubEnv("TMPDIR", folder);
    renderPipeline(plan, setting);
    vi.unstubAllEnvs();
    expect(await readdir(folder)).toEqual([]);
    await rmdir(folder);
  });

  it("has every kind of action in its stage and order", () => {
    const stages = stagesOf(renderPipeline(plan, setting));
    expect(stages.map(({ Name }) => Name)).toEqual(["Source", "Package", "prod"]);
    expect(stages[2]?.Actions.map((action) => [action["Name"], action["RunOrder"]])).toEqual([
      ["Prepare", 1],
      ["ChangeSet", 2],
      ["Approve", 3],
      ["Execute", 4],
      ["SmokeInput", 5],
      ["SmokeTest", 6],
    ]);
  });

  it("uses the target's own roles for actions in the target", () => {
    const deploy = stagesOf(renderPipeline(plan, setting))[2]?.Actions ?? [];
    expect(deploy[1]).toMatchObject({
      RoleArn: "arn:aws:iam::444444444444:role/kedge-deploy",
      Configuration: {
        ActionMode: "CHANGE_SET_REPLACE",
        RoleArn: "arn:aws:iam::444444444444:role/kedge-cloudformation",
      },
    });
    expect(deploy[3]).toMatchObject({ RoleArn: "arn:aws:iam::444444444444:role/kedge-deploy" });
  });

  it("keeps every configuration value within CodePipeline's 1000 characters", () => {
    for (const stage of stagesOf(renderPipeline(plan, setting))) {
      for (const action of stage.Actions) {
        for (const value of Object.values((action["Configuration"] ?? {}) as Record<string, string>))
          expect(value.length).toBeLessThanOrEqual(1000);
      }
    }
  });
});

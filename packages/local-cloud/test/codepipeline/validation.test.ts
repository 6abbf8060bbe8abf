import { describe, expect, it } from "vitest";
import { actionProviders } from "#cloud/action-providers/index.ts";
import { ruleProviders } from "#cloud/action-providers/rules.ts";
import { complete } from "#cloud/pipeline/complete.ts";
import type { Surroundings } from "#cloud/pipeline/type-info.ts";
import { validate } from "#cloud/pipeline/validate.ts";

const surroundings: Surroundings = {
  region: "us-east-1",
  actionType: ({ owner, category, provider }) =>
    owner === "AWS"
      ? actionProviders.find((known) => known.provider === provider && known.categories.includes(category))
      : undefined,
  ruleType: (provider) => ruleProviders.find((known) => known.provider === provider),
};

type Loose = Record<string, unknown>;

const type = (category: string, provider: string) => ({ category, owner: "AWS", provider, version: "1" });
const source = (more: Loose = {}) => ({
  name: "Src",
  actionTypeId: type("Source", "S3"),
  configuration: { S3Bucket: "b", S3ObjectKey: "k" },
  outputArtifacts: [{ name: "App" }],
  ...more,
});
const approve = (more: Loose = {}) => ({ name: "Ok", actionTypeId: type("Approval", "Manual"), ...more });
const build = (more: Loose = {}) => ({
  name: "Build",
  actionTypeId: type("Build", "CodeBuild"),
  configuration: { ProjectName: "p" },
  inputArtifacts: [{ name: "App" }],
  ...more,
});
const compute = (more: Loose = {}) => ({
  name: "Run",
  actionTypeId: type("Compute", "Commands"),
  commands: ["true"],
  inputArtifacts: [{ name: "App" }],
  ...more,
});
const stage = (name: string, ...actions: unknown[]) => ({ name, actions });
const pipeline = (stages: unknown[], more: Loose = {}) => ({
  name: "p",
  roleArn: "arn:aws:iam::111111111111:role/p",
  artifactStore: { type: "S3", location: "bucket" },
  pipelineType: "V2",
  stages,
  ...more,
});
const good = (...actions: unknown[]) => pipeline([stage("Source", source()), stage("Go", ...actions)]);
const withStage = (more: Loose, rest: Loose = {}) =>
  pipeline([stage("Source", source()), { ...stage("Go", approve()), ...more }], rest);
const condition = (
  result: string,
  provider = "VariableCheck",
  configuration: Loose = { Variable: "a", Value: "b", Operator: "EQ" },
) => ({
  conditions: [{ result, rules: [{ name: "r", ruleTypeId: { category: "Rule", provider }, configuration }] }],
});

const check = (declaration: unknown): void => validate(complete(declaration as never, 1), surroundings);

const STRUCTURE = "InvalidStructureException";
const STAGE = "InvalidStageDeclarationException";
const ACTION = "InvalidActionDeclarationException";

describe("a pipeline declaration", () => {
  it.each([
    ["of an approval", good(approve())],
    [
      "with variables from preceding actions",
      good(
        build({ namespace: "B" }),
        approve({ runOrder: 2, configuration: { CustomData: "#{B.x} #{codepipeline.PipelineExecutionId}" } }),
      ),
    ],
    [
      "with an input made in the same stage before",
      good(
        build({ outputArtifacts: [{ name: "Out" }] }),
        build({ name: "Next", runOrder: 2, inputArtifacts: [{ name: "Out" }] }),
      ),
    ],
    [
      "with conditions",
      withStage({
        beforeEntry: condition("SKIP"),
        onSuccess: condition("ROLLBACK"),
        onFailure: { result: "RETRY" },
      }),
    ],
    ["with commands", good(compute({ outputVariables: ["X"] }))],
  ])("%s is accepted", (_, declaration) => {
    expect(() => check(declaration)).not.toThrow();
  });

  it.each([
    [
      "without a source stage",
      pipeline([stage("Go", approve()), stage("On", approve())]),
      STRUCTURE,
      "Pipeline should start with a stage that only contains source actions",
    ],
    [
      "with a later source",
      good(source({ outputArtifacts: [{ name: "B" }] })),
      STRUCTURE,
      "Source actions can only be included in the first stage of the pipeline",
    ],
    [
      "with sources alone",
      pipeline([stage("Source", source())]),
      STRUCTURE,
      "Pipeline should contain at least 1 action whose category is not Source",
    ],
    [
      "with a stage name twice",
      pipeline([stage("S", source()), stage("S", approve())]),
      STAGE,
      "Stage name 'S' is used more than once",
    ],
    [
      "with an action name twice",
      good(approve(), approve()),
      ACTION,
      "Action name 'Ok' is used more than once in stage 'Go'",
    ],
    [
      "with 51 stages",
      pipeline([
        stage("Source", source()),
        ...Array.from({ length: 50 }, (_, index) => stage(`s${index}`, approve())),
      ]),
      STRUCTURE,
      "Pipeline has too many stages. There can only be up to 50 stages in a pipeline",
    ],
    [
      "with an unknown provider",
      good(approve({ actionTypeId: type("Deploy", "Rocket") })),
      ACTION,
      "ActionType (Category: 'Deploy', Provider: 'Rocket', Owner: 'AWS', Version: '1') in action 'Ok' is not available in region 'US_EAST_1'",
    ],
    [
      "with a missing key",
      good(build({ configuration: {} })),
      ACTION,
      "Action configuration for action 'Build' is missing required configuration 'ProjectName'",
    ],
    [
      "with an unknown key",
      good(build({ configuration: { ProjectName: "p", Colour: "red" } })),
      ACTION,
      "Action configuration for action 'Build' contains unknown configuration 'Colour'",
    ],
    [
      "with too few inputs",
      good(build({ inputArtifacts: [] })),
      ACTION,
      "Action Build declares 0 input artifacts which is less than the minimum count (1)",
    ],
    [
      "with an output artifact twice",
      good(build({ outputArtifacts: [{ name: "App" }] })),
      STRUCTURE,
      "Output Artifact Bundle name must be unique within the pipeline. App has been used more than once.",
    ],
    [
      "with an input of the same run order",
      good(
        build({ outputArtifacts: [{ name: "Out" }] }),
        build({ name: "Next", inputArtifacts: [{ name: "Out" }] }),
      ),
      STRUCTURE,
      "Input Artifact Bundle Out in action Next is not declared as Output Artifact Bundle in any of the preceding actions",
    ],
    [
      "with commands outside compute",
      good(approve({ commands: ["true"] })),
      ACTION,
      "The following action cannot contain a commands field: Ok. To use the commands field, use a compute action.",
    ],
    [
      "with compute without commands",
      good(compute({ commands: undefined })),
      ACTION,
      "Action Run must have a non-empty commands field",
    ],
    [
      "with a malformed reference",
      good(approve({ configuration: { CustomData: "#{nothing}" } })),
      STRUCTURE,
      "Valid format for a pipeline execution variable reference is a namespace and a key separated by a period (.). The following pipeline execution variables are referenced in a wrong format: nothing",
    ],
    [
      "with a reference to a later namespace",
      good(approve({ configuration: { CustomData: "#{B.x}" } }), build({ namespace: "B" })),
      STRUCTURE,
      "Action Ok references the variable #{B.x}, but no preceding action has that namespace",
    ],
    [
      "with a variable in a source",
      pipeline(
        [
          stage("Source", source({ configuration: { S3Bucket: "b", S3ObjectKey: "#{variables.k}" } })),
          stage("Go", approve()),
        ],
        { variables: [{ name: "k" }] },
      ),
      STRUCTURE,
      "Action Src references the variable #{variables.k}, but pipeline variables cannot be used in source actions",
    ],
    [
      "with a variable twice",
      pipeline([stage("Source", source()), stage("Go", approve())], {
        variables: [{ name: "k" }, { name: "k", defaultValue: "1" }],
      }),
      STRUCTURE,
      "Variable names must be unique. The following variable name is already in use: k",
    ],
    [
      "of V1 with a mode",
      pipeline([stage("Source", source()), stage("Go", approve())], {
        pipelineType: "V1",
        executionMode: "QUEUED",
      }),
      STRUCTURE,
      "QUEUED or PARALLEL mode can only be used with V2 pipelines",
    ],
    [
      "of V1 with commands",
      pipeline([stage("Source", source()), stage("Go", compute())], { pipelineType: "V1" }),
      ACTION,
      "Commands Action can only be used with V2 pipelines.",
    ],
    [
      "of V1 with conditions",
      withStage({ onFailure: { result: "RETRY" } }, { pipelineType: "V1" }),
      STAGE,
      "Stage level conditions can only be used with V2 pipelines.",
    ],
    [
      "that rolls back in PARALLEL mode",
      withStage({ onFailure: { result: "ROLLBACK" } }, { executionMode: "PARALLEL" }),
      STAGE,
      "Failure conditions with rollback result type cannot be added to a PARALLEL pipeline.",
    ],
    [
      "with both result and conditions",
      withStage({ onFailure: { result: "ROLLBACK", ...condition("ROLLBACK") } }),
      STAGE,
      "The following stage cannot have a failure exit gate configured with both top level result and conditions: 'Go",
    ],
    [
      "that skips on an alarm",
      withStage({ beforeEntry: condition("SKIP", "CloudWatchAlarm", { AlarmName: "a" }) }),
      STAGE,
      "Rule 'r' of stage 'Go' cannot be used with the result SKIP: only LambdaInvoke and VariableCheck rules can",
    ],
    [
      "with an action in a region without a store",
      good(build({ region: "eu-west-1" })),
      STRUCTURE,
      "Your pipeline must have an artifact store, such as an artifact bucket, for each region where you have an action. The following region is missing in 'pipeline.artifactStores': eu-west-1.",
    ],
  ])("%s is refused", (_, declaration, code, message) => {
    expect(() => check(declaration)).toThrow(expect.objectContaining({ code, message }));
  });

  it("becomes V2 by what it uses, and stays what it was on an update", () => {
    const { pipelineType: _, ...v1 } = good(approve());
    expect(complete(v1 as never, 1).pipelineType).toBe("V1");
    expect(complete({ ...v1, variables: [{ name: "k" }] } as never, 1).pipelineType).toBe("V2");
    expect(complete(v1 as never, 2, "V2").pipelineType).toBe("V2");
  });
});

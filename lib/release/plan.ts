/**
 * A plan: what a pipeline will do, as data that can be printed, drawn, compared and hashed without any cloud. It names
 * no artifact version, so the plan of two like-shaped versions is the same plan.
 */
import type { Line } from "./key.ts";
import type { Capability, Smoke } from "./manifest.ts";
import type { Target } from "./targets.ts";

/** One published release template: `sha256` is that of its module. */
export type TemplateRef = { readonly name: string; readonly version: string; readonly sha256: string };

/** The names of a stage's actions; the decision and the result know an approval and a test by them. */
export const actionNames = {
  source: "Source",
  package: "Package",
  prepare: "Prepare",
  changeSet: "ChangeSet",
  approve: "Approve",
  execute: "Execute",
  smokeInput: "SmokeInput",
  smokeTest: "SmokeTest",
} as const;

/** `order` is CodePipeline's runOrder; every action has a name unique in its stage. */
type Common = { readonly name: string; readonly order: number };

export type SourceAction = Common & {
  readonly type: "source";
  readonly bucket: string;
  readonly key: string;
  readonly output: string;
};

/** Reads the artifact by reference, publishes its parts, writes the deployable template. Namespace: `package`. */
export type PackageAction = Common & {
  readonly type: "package";
  readonly input: string;
  readonly output: string;
  readonly namespace: string;
};

/** Fits template and parameters to one environment, and clears what blocks its stack. */
export type PrepareAction = Common & {
  readonly type: "prepare";
  readonly target: Target;
  readonly stackName: string;
  readonly input: string;
  readonly output: string;
};

/** `template` and `configuration` are CodePipeline's `Artifact::path`. */
export type ChangeSetAction = Common & {
  readonly type: "change-set";
  readonly target: Target;
  readonly stackName: string;
  readonly changeSetName: string;
  readonly input: string;
  readonly template: string;
  readonly configuration: string;
  readonly capabilities: readonly Capability[];
};

export type ApproveAction = Common & {
  readonly type: "approve";
  readonly target: Target;
  readonly message: string;
  readonly timeoutMinutes: number;
};

/** The stack's outputs become variables of `namespace`. */
export type ExecuteAction = Common & {
  readonly type: "execute";
  readonly target: Target;
  readonly stackName: string;
  readonly changeSetName: string;
  readonly namespace: string;
};

/** Reads the stack's outputs and the artifact's test, writes what the test runner takes. */
export type SmokeInputAction = Common & {
  readonly type: "smoke-input";
  readonly target: Target;
  readonly stackName: string;
  readonly smoke: Smoke;
  readonly input: string;
  readonly output: string;
};

export type SmokeTestAction = Common & {
  readonly type: "smoke-test";
  readonly target: Target;
  readonly input: string;
};

export type Action =
  | SourceAction
  | PackageAction
  | PrepareAction
  | ChangeSetAction
  | ApproveAction
  | ExecuteAction
  | SmokeInputAction
  | SmokeTestAction;

export type ActionType = Action["type"];

/** Stages of an environment bear its name; `Source` and `Package` come first. */
export type Stage = {
  readonly name: string;
  readonly environment?: string;
  readonly actions: readonly Action[];
};

export type Plan = {
  readonly schema: 1;
  readonly line: Line;
  /** The pipeline's name, and its stack's. */
  readonly pipeline: string;
  readonly region: string;
  readonly template: TemplateRef;
  readonly targets: readonly Target[];
  readonly stages: readonly Stage[];
};

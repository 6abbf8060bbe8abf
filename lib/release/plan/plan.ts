/**
 * A plan describes the work of a pipeline as data. It can be printed, drawn, compared and hashed without AWS.
 * It names no artifact version, so two versions of the same shape have the same plan.
 */

import type { Capability, Smoke } from "#release/artifact/manifest.ts";
import type { Line } from "#release/names/key.ts";
import type { Target } from "#release/traits/targets.ts";
import type { DeploymentWindow } from "#release/traits/traits.ts";

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
  duties: "Duties",
  smokeInput: "SmokeInput",
  smokeTest: "SmokeTest",
} as const;

/**
 * The Lambdas of ours that act for an environment; `prepare`, `package` and `smoke-input` have kinds of their own.
 * As a worker, the Prepare Lambda reads the plan that the planning project made, and the Execute Lambda compares
 * uploader and approver.
 */
export type Worker = "verify" | "call" | "site" | "prepare" | "execute";

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

/** Fits templates and parameters to one environment, and removes failed stacks that block the deployment. */
export type PrepareAction = Common & {
  readonly type: "prepare";
  readonly target: Target;
  /** The name of the first stack; the names of the other stacks begin with it. */
  readonly stackName: string;
  readonly input: string;
  readonly output: string;
  /** The namespace for the configuration's variables. */
  readonly namespace?: string;
  /** An approval follows, so Prepare makes the change sets and writes the review that the approver reads. */
  readonly gated?: true;
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

/**
 * Creates or updates the stack at once. It follows an earlier step that executed the change set of the same
 * stack.
 */
export type DeployAction = Common & {
  readonly type: "deploy";
  readonly target: Target;
  readonly stackName: string;
  readonly input: string;
  readonly template: string;
  readonly configuration: string;
  readonly capabilities: readonly Capability[];
};

/** Runs a CodeBuild project of the target account. */
export type BuildAction = Common & {
  readonly type: "build";
  readonly target: Target;
  readonly project: string;
  readonly inputs: readonly string[];
  /** A path in the first input; else the project's own. */
  readonly buildspec?: string;
  readonly output?: string;
  readonly namespace?: string;
  /** Plain text only: they can be read in the console. Values may be `#{namespace.variable}`. */
  readonly variables: Readonly<Record<string, string>>;
};

/** Moves a function's alias to a version, or to the code in `input`, with CodePipeline's Lambda deploy action. */
export type LambdaDeployAction = Common & {
  readonly type: "lambda-deploy";
  readonly target: Target;
  readonly functionName: string;
  readonly alias: string;
  readonly input?: string;
  readonly version?: string;
  /** `AllAtOnce`, `Canary10Percent5Minutes`, `Linear10PercentEvery1Minute` … */
  readonly strategy: string;
  readonly alarms: readonly string[];
};

/** CodePipeline's EKS deploy action: a Helm chart, or manifests. */
export type EksDeployAction = Common & {
  readonly type: "eks-deploy";
  readonly target: Target;
  readonly cluster: string;
  readonly namespace: string;
  readonly input: string;
  readonly deploys:
    | {
        readonly kind: "helm";
        readonly release: string;
        readonly chart: string;
        readonly values: readonly string[];
      }
    | { readonly kind: "manifests"; readonly files: readonly string[] };
};

/** One of our own Lambdas, acting for an environment; it is told the parameters. */
export type WorkerAction = Common & {
  readonly type: "worker";
  readonly worker: Worker;
  readonly target: Target;
  readonly stackName: string;
  readonly input: string;
  readonly output?: string;
  readonly namespace?: string;
  readonly parameters: Readonly<Record<string, string | number | boolean | readonly string[]>>;
};

export type ApproveAction = Common & {
  readonly type: "approve";
  readonly target: Target;
  readonly message: string;
  /**
   * The environment's share of a joint question. A wave asks once for several environments, with the message of
   * the first environment and the briefs of the other environments.
   */
  readonly brief?: string;
  /** The page that the console links to; else the stacks of the region. */
  readonly link?: string;
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

/**
 * Executes the change sets that an approval cleared, by their ARNs, and compares before and after. `clearance`
 * and `review` are variables of Prepare. The outputs of the only stack become variables of `namespace`.
 */
export type ExecuteClearedAction = Common & {
  readonly type: "execute-cleared";
  readonly target: Target;
  readonly stackName: string;
  readonly input: string;
  readonly namespace: string;
  readonly clearance: string;
  readonly review: string;
};

/** Reads the stack's outputs and the artifact's test, and writes the input of the test runner. */
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
  /** The line's project, which its pipeline's stack makes. Absent: the project that all lines of the anchor share. */
  readonly project?: string;
};

export type Action =
  | SourceAction
  | PackageAction
  | PrepareAction
  | ChangeSetAction
  | DeployAction
  | BuildAction
  | LambdaDeployAction
  | EksDeployAction
  | WorkerAction
  | ApproveAction
  | ExecuteAction
  | ExecuteClearedAction
  | SmokeInputAction
  | SmokeTestAction;

export type ActionType = Action["type"];

/**
 * A stage bears the name of its environment, or of a wave of them; `Source` and `Package` come first. In a wave's stage
 * an action's name ends in a dot and the environment.
 */
export type Stage = {
  readonly name: string;
  /** The schedule on which executions may enter the stage. Without it they may always enter. */
  readonly window?: DeploymentWindow;
  /** On failure CodePipeline runs the stage again as its last successful execution did. */
  readonly rollback?: true;
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

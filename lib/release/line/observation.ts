/**
 * The state of AWS that a decision is based on, in AWS's own words and without derived values. All times are
 * ISO 8601 texts. A field that was not read is absent; a decision that needs it asks for it with the step
 * `observe`.
 */
import type { Line } from "#release/names/key.ts";
import type { Claims } from "#release/people/claims.ts";
import type { PersonRef } from "#release/people/person.ts";
import type { TemplateRef } from "#release/plan/plan.ts";
import type { ArtifactRef } from "#release/plan/release.ts";
import type { StackFailure } from "#release/stack/stack-failure.ts";
import type { Dispatch } from "#release/template/dispatch.ts";

/** The event that triggered the reconcile. `turn`: the line waited, and a slot became free. */
export type Cause = "upload" | "pipeline" | "stack" | "sweep" | "operator" | "turn";

export type Message = {
  readonly cause: Cause;
  /** The queue's message id; makes a deliberate second attempt distinguishable from a repeated call. */
  readonly id: string;
  /** The uploaded version, when an upload is the cause. */
  readonly versionId?: string;
  /** The execution an event told of. */
  readonly executionId?: string;
  /** The content of other messages that the same reconcile answers. */
  readonly also?: readonly Pick<Message, "versionId" | "executionId">[];
};

/** The newest version at the line's key. `size` 0 is the tombstone. */
export type ArtifactNow = ArtifactRef & {
  readonly lastModified: string;
  /** The source as the CI claims it in the object's metadata. */
  readonly claims?: Claims;
};

export type PipelineStack = {
  /** The name of the pipeline, and of its stack. */
  readonly name: string;
  readonly status: string;
  readonly statusReason?: string;
  /** Tag `kedge:plan-digest`. */
  readonly planDigest?: string;
  /** Tag `kedge:template`. */
  readonly template?: TemplateRef;
  /** ClientRequestToken of the stack's newest event; looked up only when `status` tells of a failure. */
  readonly lastToken?: string;
  /** The first failure of the last operation, in CloudFormation's words; looked up with `lastToken`. */
  readonly failure?: string;
};

type ExecutionStatus =
  | "Cancelled"
  | "InProgress"
  | "Stopped"
  | "Stopping"
  | "Succeeded"
  | "Superseded"
  | "Failed";

export type ActionStatus = "InProgress" | "Abandoned" | "Succeeded" | "Failed";

/** One run of one action (ListActionExecutions), in order of time. */
export type ActionRun = {
  readonly stage: string;
  readonly action: string;
  readonly status: ActionStatus;
  readonly startedAt?: string;
  readonly endedAt?: string;
  /** The failure or summary text of the provider. */
  readonly message?: string;
  readonly url?: string;
  /** Of an approval: the ARN of the caller that decided it. */
  readonly decider?: string;
  /** The same caller as a record names it, without a name. */
  readonly by?: PersonRef;
  /** Variables that the action set. */
  readonly variables?: Readonly<Record<string, string>>;
  /** The failure of the stack that the action deployed; looked up for results. */
  readonly cause?: StackFailure;
};

export type Execution = {
  readonly id: string;
  readonly status: ExecutionStatus;
  readonly startedAt?: string;
  readonly updatedAt?: string;
  /** The artifact version in the source revision's summary; absent until the source action has run. */
  readonly versionId?: string;
  /** The release template it ran under, e.g. `sam@1.2.0`; in the same summary. */
  readonly template?: string;
  /** `stopTrigger.reason`. */
  readonly stopReason?: string;
  /** Its action runs, when they were looked up. */
  readonly actions?: readonly ActionRun[];
};

/** A stage as GetPipelineState shows it. */
export type StageNow = {
  readonly name: string;
  readonly inbound: { readonly enabled: boolean; readonly reason?: string };
  /** Executions waiting in front of the stage. */
  readonly waiting: readonly string[];
  /** The execution that is, or was last, in the stage. */
  readonly execution?: { readonly id: string; readonly status: string };
  /** A principal overrode a condition of the stage for that execution. */
  readonly overridden?: true;
  /** The stage's actions as they were last run. */
  readonly actions: readonly { readonly name: string; readonly status?: ActionStatus }[];
};

/** An application stack in a target; `status` is absent when there is no such stack. */
export type AppStack = {
  readonly environment: string;
  readonly name: string;
  /** Tag `kedge:level`: stacks of a higher one may need those of a lower. */
  readonly level: number;
  readonly status?: string;
  /** Without words that may repeat a secret. */
  readonly failure?: string;
};

/** The version that a stack names in its output `KedgeVersion`; absent when there is no such stack. */
export type DeployedVersion = {
  readonly environment: string;
  readonly stack: string;
  readonly version?: string;
};

export type Observation = {
  /** The time of the observation. */
  readonly at: string;
  readonly line: Line;
  readonly region: string;
  readonly message: Message;
  readonly tombstone: { readonly allowed: boolean; readonly reason: string };
  readonly supersedePendingApproval: boolean;
  /** The version `latest.json` told of before, and so the one a newer version may have overtaken. */
  readonly lastReported?: string;
  /** The version whose teardown was reported as done. */
  readonly tornDown?: string;
  /** The time at which the newest artifact's line is due for its teardown; absent: never. */
  readonly expiresAt?: string;
  /** Absent: nothing at the key, or a delete marker. */
  readonly artifact?: ArtifactNow;
  /** Absent: there is no such stack. */
  readonly pipeline?: PipelineStack;
  /**
   * The release template that the line should have now. It is read only if the reconcile has no other cause.
   */
  readonly wanted?: TemplateRef;
  /** Newest first; empty without a pipeline. */
  readonly executions: readonly Execution[];
  /** In the pipeline's order; empty without a pipeline. */
  readonly stages: readonly StageNow[];
  /** One for every environment of the anchor; only after `observe: "app-stacks"`. */
  readonly appStacks?: readonly AppStack[];
  /** The stacks of the newest version's execution, read when the execution has succeeded. */
  readonly deployed?: readonly DeployedVersion[];
  /** Only after `observe: "artifact"`. */
  readonly dispatch?: Dispatch;
};

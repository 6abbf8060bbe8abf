/**
 * Everything that is looked at before a line's next step is decided: AWS's words, nothing derived. All times are ISO
 * 8601 texts. What was not looked at is absent, and a decision that needs it says so (`look`).
 */
import type { ReleaseError } from "#release/errors/errors.ts";
import type { Line } from "#release/names/key.ts";
import type { Plan, TemplateRef } from "#release/plan/plan.ts";
import type { ArtifactRef, Release } from "#release/plan/release.ts";
import type { Dispatch } from "#release/template/dispatch.ts";

/** Why the line is being looked at. `turn`: it waited, and room was made. */
export type Cause = "upload" | "pipeline" | "stack" | "sweep" | "operator" | "turn";

export type Message = {
  readonly cause: Cause;
  /** The queue's message id; makes a deliberate second attempt distinguishable from a repeated call. */
  readonly id: string;
  /** The uploaded version, when an upload is the cause. */
  readonly versionId?: string;
  /** The execution an event told of. */
  readonly executionId?: string;
  /** What other messages told that are answered by the same look. */
  readonly also?: readonly Pick<Message, "versionId" | "executionId">[];
};

/** The newest version at the line's key. `size` 0 is the tombstone. */
export type ArtifactNow = ArtifactRef & { readonly lastModified: string };

export type PipelineStack = {
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
  readonly failure?: string;
};
export type Observation = {
  /** When it was looked. */
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
  /** When the newest artifact's line is due to be torn down; absent: never. */
  readonly expiresAt?: string;
  /** Absent: nothing at the key, or a delete marker. */
  readonly artifact?: ArtifactNow;
  /** Absent: there is no such stack. */
  readonly pipeline?: PipelineStack;
  /** The release template the line should have by now; looked up when nothing else is the cause. */
  readonly wanted?: TemplateRef;
  /** Newest first; empty without a pipeline. */
  readonly executions: readonly Execution[];
  /** In the pipeline's order; empty without a pipeline. */
  readonly stages: readonly StageNow[];
  /** One for every environment of the anchor; only after `look: "app-stacks"`. */
  readonly appStacks?: readonly AppStack[];
  /** Only after `look: "artifact"`. */
  readonly dispatch?: Dispatch;
};

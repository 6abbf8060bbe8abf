/** A pipeline's executions as plain data: where each stands, what its actions and rules did, what they produced. */
import type { ExecutionMode, Hook } from "./declaration.ts";

type ExecutionStatus =
  | "Cancelled"
  | "InProgress"
  | "Stopped"
  | "Stopping"
  | "Succeeded"
  | "Superseded"
  | "Failed";
type StageStatus = "Cancelled" | "InProgress" | "Failed" | "Stopped" | "Stopping" | "Succeeded" | "Skipped";
type RunStatus = "InProgress" | "Abandoned" | "Succeeded" | "Failed";
type ConditionStatus =
  | "InProgress"
  | "Failed"
  | "Errored"
  | "Succeeded"
  | "Cancelled"
  | "Abandoned"
  | "Overridden";

export type Trigger = { readonly triggerType: TriggerType; readonly triggerDetail: string };
type TriggerType =
  | "CreatePipeline"
  | "StartPipelineExecution"
  | "CloudWatchEvent"
  | "PollForSourceChanges"
  | "PutActionRevision"
  | "ManualRollback"
  | "AutomatedRollback";

export type SourceOverride = {
  readonly actionName: string;
  readonly revisionType: "COMMIT_ID" | "IMAGE_DIGEST" | "S3_OBJECT_VERSION_ID" | "S3_OBJECT_KEY";
  readonly revisionValue: string;
};

export type S3Location = { readonly bucket: string; readonly key: string };

export type Artifact = {
  readonly name: string;
  /** Where it lies, by region; CodePipeline copies inputs of cross-region actions. */
  readonly places: Readonly<Record<string, S3Location>>;
  readonly revisionId?: string;
};

type Revision = {
  readonly name: string;
  readonly actionName: string;
  readonly revisionId: string;
  readonly revisionChangeIdentifier?: string;
  readonly revisionSummary?: string;
  readonly revisionUrl?: string;
  readonly created: Date;
};

export type RunError = { readonly code: string; readonly message: string };

/** What is known of a run of an action or a rule beside its status; its provider reports it. */
export type RunDetails = {
  readonly resolvedConfiguration?: Readonly<Record<string, string>>;
  readonly roleArn?: string;
  readonly inputs?: readonly { readonly name: string; readonly place: S3Location }[];
  readonly outputs?: readonly { readonly name: string; readonly place: S3Location }[];
  readonly outputVariables?: Readonly<Record<string, string>>;
  readonly externalExecutionId?: string;
  readonly externalExecutionUrl?: string;
  readonly summary?: string;
  readonly percentComplete?: number;
  readonly error?: RunError;
  readonly logStreamArn?: string;
  /** The approval's token. */
  readonly token?: string;
  /** When the run fails for having taken too long. */
  readonly deadline?: Date;
  /** What its provider needs to look at it again after a restart. */
  readonly memo?: unknown;
  readonly revision?: Revision;
};

type Run = {
  readonly id: string;
  readonly stage: string;
  status: RunStatus;
  readonly startTime: Date;
  lastUpdateTime: Date;
  updatedBy?: string;
  details: RunDetails;
  /** A retry put another run in its place. */
  replaced?: boolean;
};

export type ActionRun = Run & { readonly action: string };
export type RuleRun = Run & { readonly rule: string; readonly hook: Hook };

type ConditionRun = { status: ConditionStatus; lastStatusChange: Date; summary?: string };

export type StageRun = {
  status: StageStatus;
  /** What the stage is about: its entry condition, its actions, its exit conditions, or nothing more. */
  phase: Hook | "actions" | "done";
  conditions: Partial<Record<Hook, ConditionRun>>;
  autoRetries: number;
  manualRetries: number;
  latestRetry?: "AutomatedStageRetry" | "ManualStageRetry";
  lastRetryTime?: Date;
};

export type Execution = {
  readonly id: string;
  readonly pipeline: string;
  readonly version: number;
  readonly mode: ExecutionMode;
  readonly type: "STANDARD" | "ROLLBACK";
  status: ExecutionStatus;
  statusSummary?: string;
  readonly startTime: Date;
  lastUpdateTime: Date;
  readonly trigger: Trigger;
  readonly rollbackTarget?: string;
  stop?: { readonly abandon: boolean; readonly reason?: string };
  /** The pipeline was updated: nothing new starts, and it ends Cancelled. */
  cancelling?: boolean;
  attempt: number;
  /** The stage it is in or waits for. */
  stage: string;
  place: "waiting" | "inside" | "ended";
  readonly variables: Readonly<Record<string, string>>;
  readonly sourceRevisions: readonly SourceOverride[];
  stages: Record<string, StageRun>;
  actions: ActionRun[];
  rules: RuleRun[];
  artifacts: Record<string, Artifact>;
  /** Output variables by namespace. */
  namespaces: Record<string, Readonly<Record<string, string>>>;
  revisions: Revision[];
};

export const isLive = (execution: Execution): boolean => execution.place !== "ended";

/** The run of an action that counts: not one a retry replaced. */
export const currentRun = (execution: Execution, stage: string, action: string): ActionRun | undefined =>
  execution.actions.findLast((run) => run.stage === stage && run.action === action && !run.replaced);

export const currentRules = (execution: Execution, stage: string, hook: Hook): readonly RuleRun[] =>
  execution.rules.filter((run) => run.stage === stage && run.hook === hook && !run.replaced);

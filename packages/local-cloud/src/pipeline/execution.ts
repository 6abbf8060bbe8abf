/**
 * Defines a pipeline's executions as plain data: the stage of each execution, the runs of its actions and
 * rules, and its artifacts.
 */
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
  /** The artifact's location by region. CodePipeline copies the inputs of cross-region actions. */
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

/** The facts about a run of an action or a rule besides its status. The provider reports them. */
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
  /** The time at which the run fails with a timeout. */
  readonly deadline?: Date;
  /** The data that the provider needs to observe the run again after a restart. */
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
  /** True when a retry replaced this run by another one. */
  replaced?: boolean;
};

export type ActionRun = Run & { readonly action: string };
export type RuleRun = Run & { readonly rule: string; readonly hook: Hook };

type ConditionRun = { status: ConditionStatus; lastStatusChange: Date; summary?: string };

export type StageRun = {
  status: StageStatus;
  /** The current phase of the stage: its entry condition, its actions, its exit conditions, or `done`. */
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
  /** True when the pipeline was updated: the execution starts no more actions and ends Cancelled. */
  cancelling?: boolean;
  attempt: number;
  /** The stage that the execution is in or waits for. */
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

/** Returns the run of an action that counts: the last run that no retry replaced. */
export const currentRun = (execution: Execution, stage: string, action: string): ActionRun | undefined =>
  execution.actions.findLast((run) => run.stage === stage && run.action === action && !run.replaced);

export const currentRules = (execution: Execution, stage: string, hook: Hook): readonly RuleRun[] =>
  execution.rules.filter((run) => run.stage === stage && run.hook === hook && !run.replaced);

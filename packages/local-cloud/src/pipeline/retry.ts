/** Runs a failed or stopped stage again within the same execution: its failed actions, or all of them. */
import { AwsError } from "#cloud/kernel/aws-error.ts";
import type { Draft } from "./draft.ts";
import type { Execution, StageRun } from "./execution.ts";

export type RetryMode = "FAILED_ACTIONS" | "ALL_ACTIONS";

/** Implements RetryStageExecution. */
export function retry(draft: Draft, stage: string, id: string, mode: RetryMode): void {
  const execution = draft.execution(id);
  const outdated = new AwsError(
    "NotLatestPipelineExecutionException",
    `The pipeline execution ${id} is not the latest one in stage ${stage}: only the latest execution of a stage can be retried`,
  );
  if (execution === undefined) throw outdated;
  const notRetryable = (why: string): AwsError =>
    new AwsError("StageNotRetryableException", `The stage ${stage} cannot be retried: ${why}`);
  if (execution.mode !== "PARALLEL" && draft.slot(stage).latest !== id) throw outdated;
  if (execution.version !== draft.declaration.version) {
    throw notRetryable("the pipeline structure has changed since the execution ran");
  }
  const run = execution.stages[stage];
  if (run === undefined || execution.stage !== stage) throw notRetryable("it contains no failed actions");
  if (run.status === "InProgress") {
    const failed = execution.actions.some((action) => isFailedIn(stage, action));
    if (!failed) throw notRetryable("it contains no failed actions");
    if (mode === "ALL_ACTIONS") throw notRetryable("actions are still in progress");
  } else if (run.status !== "Failed" && run.status !== "Stopped") {
    throw notRetryable("it contains no failed actions");
  }
  retryStage(draft, execution, mode, "ManualStageRetry");
}

const isFailedIn = (
  stage: string,
  run: { readonly stage: string; readonly status: string; readonly replaced?: boolean },
): boolean => run.stage === stage && !run.replaced && (run.status === "Failed" || run.status === "Abandoned");

/** Puts the execution back into the stage. The caller then lets it progress. */
export function retryStage(
  draft: Draft,
  execution: Execution,
  mode: RetryMode,
  trigger: "AutomatedStageRetry" | "ManualStageRetry",
): void {
  const { stage } = execution;
  const run = execution.stages[stage];
  if (run === undefined) return;
  const resumed = run.status !== "InProgress";
  for (const action of execution.actions) {
    if (action.stage === stage && (mode === "ALL_ACTIONS" || isFailedIn(stage, action)))
      action.replaced = true;
  }
  rewind(execution, run, mode);
  run.status = "InProgress";
  run.latestRetry = trigger;
  run.lastRetryTime = draft.now;
  if (trigger === "AutomatedStageRetry") run.autoRetries += 1;
  else run.manualRetries += 1;
  execution.attempt += 1;
  execution.status = "InProgress";
  execution.place = "inside";
  execution.lastUpdateTime = draft.now;
  delete execution.stop;
  delete execution.statusSummary;
  if (execution.mode !== "PARALLEL") draft.slot(stage).occupant = execution.id;
  if (!resumed) return;
  draft.emit("RESUMED", execution);
  draft.emit("RESUMED", execution, { stage });
}

/**
 * Sets the phase from which the stage continues. A condition that did not pass is evaluated again; exit
 * conditions always are.
 */
function rewind(execution: Execution, run: StageRun, mode: RetryMode): void {
  const entry = run.conditions.beforeEntry?.status;
  const entered = entry === undefined || entry === "Succeeded" || entry === "Overridden";
  const onlyExitFailed =
    mode === "FAILED_ACTIONS" &&
    run.conditions.onSuccess !== undefined &&
    run.conditions.onSuccess.status !== "Succeeded";
  run.phase =
    !entered || run.phase === "beforeEntry" ? "beforeEntry" : onlyExitFailed ? "onSuccess" : "actions";
  if (!entered) delete run.conditions.beforeEntry;
  delete run.conditions.onSuccess;
  delete run.conditions.onFailure;
  for (const rule of execution.rules) {
    if (rule.stage === execution.stage && (rule.hook !== "beforeEntry" || !entered)) rule.replaced = true;
  }
}

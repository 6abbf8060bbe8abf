/**
 * Stops an execution: either at once, while its actions continue in their services, or after its actions
 * have ended.
 */
import { AwsError } from "#cloud/kernel/aws-error.ts";
import { abandonRules } from "./condition.ts";
import type { Draft } from "./draft.ts";
import type { Execution } from "./execution.ts";
import { endExecution } from "./leave.ts";
import { isBusy, progress } from "./progress.ts";

/**
 * Implements StopPipelineExecution. A second request may abandon an execution that waits for its actions;
 * AWS rejects any other second request.
 */
export function stop(draft: Draft, id: string, abandon: boolean, reason: string | undefined): void {
  const execution = draft.execution(id);
  if (execution === undefined || execution.place === "ended" || execution.cancelling) {
    throw new AwsError(
      "PipelineExecutionNotStoppableException",
      `The pipeline execution ${id} of pipeline ${draft.declaration.name} cannot be stopped: it is not in progress`,
    );
  }
  if (execution.stop !== undefined && (execution.stop.abandon || !abandon)) {
    throw new AwsError(
      "DuplicatedStopRequestException",
      `The pipeline execution ${id} is already in a Stopping state`,
    );
  }
  const again = execution.stop !== undefined;
  const why = reason ?? execution.stop?.reason;
  execution.stop = { abandon, ...(why !== undefined && { reason: why }) };
  execution.lastUpdateTime = draft.now;
  if (execution.place === "waiting") {
    const slot = draft.slot(execution.stage);
    slot.waiting = slot.waiting.filter((waiting) => waiting !== id);
    if (execution.mode !== "PARALLEL") slot.stoppedInbound = id;
    draft.emit("STOPPING", execution);
    endExecution(draft, execution, "Stopped");
    return;
  }
  execution.status = "Stopping";
  if (!again) {
    draft.emit("STOPPING", execution);
    draft.emit("STOPPING", execution, { stage: execution.stage });
  }
  if (abandon) abandonRuns(draft, execution);
  if (isBusy(execution)) {
    const run = execution.stages[execution.stage];
    if (run !== undefined) run.status = "Stopping";
  } else progress(draft, execution);
}

function abandonRuns(draft: Draft, execution: Execution): void {
  for (const run of execution.actions) {
    if (run.status === "InProgress") endRun(draft, execution, run.id, "ABANDONED");
  }
  abandonRules(draft, execution);
}

/** Takes an action in progress out of the execution. The work that it started in its service continues. */
export function endRun(
  draft: Draft,
  execution: Execution,
  id: string,
  state: "ABANDONED" | "CANCELED",
): void {
  const run = execution.actions.find((candidate) => candidate.id === id);
  if (run === undefined) return;
  run.status = "Abandoned";
  run.lastUpdateTime = draft.now;
  draft.effect({ kind: "drop", run: id });
  draft.emit(state, execution, { stage: run.stage, run: id });
}

/** Takes an execution out of a stage, to the next stage or to its end. Both release the stage's lock. */
import { assumptions } from "./assumptions.ts";
import type { Draft, EventState } from "./draft.ts";
import type { Execution } from "./execution.ts";

/**
 * Ends the stage for this execution. The execution then waits in front of the next stage, or has succeeded.
 */
export function leaveStage(draft: Draft, execution: Execution, status: "Succeeded" | "Skipped"): void {
  const name = execution.stage;
  const run = execution.stages[name];
  if (run === undefined) return;
  run.status = status;
  run.phase = "done";
  release(draft, execution);
  // AWS documents no event for a skipped stage.
  if (status === "Succeeded") draft.emit("SUCCEEDED", execution, { stage: name });
  const stages = draft.stagesOf(execution);
  const next = stages[stages.findIndex((stage) => stage.name === name) + 1];
  if (next === undefined || (execution.type === "ROLLBACK" && assumptions.rollbackEndsAfterItsStage)) {
    endExecution(draft, execution, "Succeeded");
    return;
  }
  execution.stage = next.name;
  arrive(draft, execution);
}

/**
 * Queues the execution in front of a stage. In SUPERSEDED mode it supersedes the executions that waited
 * there.
 */
export function arrive(draft: Draft, execution: Execution): void {
  execution.place = "waiting";
  execution.lastUpdateTime = draft.now;
  const slot = draft.slot(execution.stage);
  if (execution.mode === "PARALLEL") return;
  delete slot.stoppedInbound;
  if (execution.mode === "SUPERSEDED") {
    for (const id of slot.waiting) {
      const older = draft.execution(id);
      if (older === undefined || older.mode !== "SUPERSEDED") continue;
      older.statusSummary = `Superseded by execution ${execution.id}`;
      endExecution(draft, older, "Superseded");
    }
    slot.waiting = [];
  }
  slot.waiting.push(execution.id);
}

const stageEvents = { Failed: "FAILED", Stopped: "STOPPED", Cancelled: "CANCELED" } as const satisfies Record<
  string,
  EventState
>;

/** Ends the stage and the execution together: failed, stopped, or cancelled by an update of the pipeline. */
export function endInStage(
  draft: Draft,
  execution: Execution,
  status: "Failed" | "Stopped" | "Cancelled",
): void {
  const run = execution.stages[execution.stage];
  if (run !== undefined) {
    run.status = status;
    if (status !== "Failed") {
      for (const condition of Object.values(run.conditions)) {
        if (condition.status !== "InProgress") continue;
        condition.status = status === "Cancelled" ? "Cancelled" : "Abandoned";
        condition.lastStatusChange = draft.now;
      }
    }
    release(draft, execution);
    draft.emit(stageEvents[status], execution, { stage: execution.stage });
  }
  endExecution(draft, execution, status);
}

const pipelineEvents = { ...stageEvents, Succeeded: "SUCCEEDED", Superseded: "SUPERSEDED" } as const;

export function endExecution(draft: Draft, execution: Execution, status: keyof typeof pipelineEvents): void {
  execution.status = status;
  execution.place = "ended";
  execution.lastUpdateTime = draft.now;
  draft.emit(pipelineEvents[status], execution);
}

function release(draft: Draft, execution: Execution): void {
  const slot = draft.slot(execution.stage);
  if (slot.occupant === execution.id) delete slot.occupant;
}

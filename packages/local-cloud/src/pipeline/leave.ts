/** How an execution leaves a stage: onwards, or for good. Both release the stage's lock. */
import { assumptions } from "./assumptions.ts";
import type { Draft, EventState } from "./draft.ts";
import type { Execution } from "./execution.ts";

/** Done with the stage; goes on to wait in front of the next, or has succeeded. */
export function leaveStage(draft: Draft, execution: Execution, status: "Succeeded" | "Skipped"): void {
  const name = execution.stage;
  const run = execution.stages[name];
  if (run === undefined) return;
  run.status = status;
  run.phase = "done";
  release(draft, execution);
  // No event is documented for a skipped stage.
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

/** Takes its place in front of a stage; in SUPERSEDED mode whoever waited there gives way. */
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

/** The stage and the execution end together: failed, stopped, or cancelled by an update of the pipeline. */
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

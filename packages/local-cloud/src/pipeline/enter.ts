/** Lets an execution enter a stage and take its lock; `settle` then starts the stage's work. */
import type { Draft } from "./draft.ts";
import type { Execution } from "./execution.ts";

export function enter(draft: Draft, execution: Execution): void {
  execution.place = "inside";
  execution.stages[execution.stage] = {
    status: "InProgress",
    phase: "beforeEntry",
    conditions: {},
    autoRetries: 0,
    manualRetries: 0,
  };
  if (execution.mode !== "PARALLEL") {
    const slot = draft.slot(execution.stage);
    slot.occupant = execution.id;
    slot.latest = execution.id;
  }
  draft.emit("STARTED", execution, { stage: execution.stage });
  draft.entered.push(execution.id);
}

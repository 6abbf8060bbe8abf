/** Applies a changed declaration to the executions in progress. In a mode with locks they end Cancelled. */
import { assumptions } from "./assumptions.ts";
import { abandonRules } from "./condition.ts";
import type { Declaration } from "./declaration.ts";
import type { Draft } from "./draft.ts";
import { isLive } from "./execution.ts";
import { endExecution } from "./leave.ts";
import { progress } from "./progress.ts";
import { endRun } from "./stop.ts";

/**
 * Implements UpdatePipeline. Executions of PARALLEL mode continue with the version that they started with.
 */
export function update(draft: Draft, declaration: Declaration): void {
  for (const stored of draft
    .all()
    .filter((execution) => isLive(execution) && execution.mode !== "PARALLEL")) {
    const execution = draft.execution(stored.id);
    if (execution === undefined) continue;
    execution.statusSummary = "The pipeline was updated before the execution could be completed";
    if (execution.place === "waiting") {
      const slot = draft.slot(execution.stage);
      slot.waiting = slot.waiting.filter((id) => id !== execution.id);
      endExecution(draft, execution, "Cancelled");
      continue;
    }
    if (execution.stop === undefined) execution.cancelling = true;
    abandonRules(draft, execution);
    if (assumptions.updateEndsPendingApprovals) {
      const approvals = draft
        .stageOf(execution)
        .actions.filter(({ actionTypeId }) => actionTypeId.category === "Approval");
      for (const run of execution.actions) {
        if (run.status === "InProgress" && approvals.some(({ name }) => name === run.action)) {
          endRun(draft, execution, run.id, "CANCELED");
        }
      }
    }
    progress(draft, execution);
  }
  draft.declaration = declaration;
}

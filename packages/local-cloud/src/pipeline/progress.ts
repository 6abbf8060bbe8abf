/** Moves an execution through its stage as far as it can go without waiting for an action or a rule. */

import { evaluateCondition } from "./condition.ts";
import { conditionOf, type Hook } from "./declaration.ts";
import type { Draft } from "./draft.ts";
import { currentRun, type Execution, type StageRun } from "./execution.ts";
import { endInStage, leaveStage } from "./leave.ts";
import { retryStage } from "./retry.ts";
import { rollBackStage } from "./rollback.ts";

/** AWS runs at most 5 actions at once within an execution of PARALLEL mode. */
const PARALLEL_ACTIONS = 5;

export function progress(draft: Draft, execution: Execution): void {
  const run = execution.stages[execution.stage];
  while (run !== undefined && execution.place === "inside" && step(draft, execution, run));
}

/** Makes one step. Returns false when the execution has to wait for a report. */
function step(draft: Draft, execution: Execution, run: StageRun): boolean {
  const stage = execution.stage;
  if (execution.stop !== undefined || execution.cancelling) {
    if (isBusy(execution)) return false;
    endInStage(draft, execution, execution.cancelling ? "Cancelled" : "Stopped");
    return false;
  }
  switch (run.phase) {
    case "beforeEntry": {
      const verdict = evaluateCondition(draft, execution, "beforeEntry");
      if (verdict === "pending") return false;
      if (verdict === "passed") run.phase = "actions";
      else if (conditionOf(draft.stageOf(execution), "beforeEntry")?.result === "SKIP") {
        leaveStage(draft, execution, "Skipped");
        return false;
      } else {
        fail(draft, execution);
        return false;
      }
      return true;
    }
    case "actions":
      return runActions(draft, execution, run);
    case "onSuccess": {
      const verdict = evaluateCondition(draft, execution, "onSuccess");
      if (verdict === "pending") return false;
      if (verdict === "passed") leaveStage(draft, execution, "Succeeded");
      else {
        const result = conditionOf(draft.stageOf(execution), "onSuccess")?.result;
        fail(draft, execution);
        if (result === "ROLLBACK") rollBackStage(draft, execution, stage);
      }
      return false;
    }
    case "onFailure": {
      const verdict = evaluateCondition(draft, execution, "onFailure");
      if (verdict === "pending") return false;
      fail(draft, execution);
      if (verdict === "failed") rollBackStage(draft, execution, stage);
      return false;
    }
    case "done":
      return false;
  }
}

const fail = (draft: Draft, execution: Execution): void => endInStage(draft, execution, "Failed");

/** True while an action or a rule of the execution is in progress. */
export const isBusy = (execution: Execution): boolean =>
  [...execution.actions, ...execution.rules].some(({ status }) => status === "InProgress");

function runActions(draft: Draft, execution: Execution, run: StageRun): boolean {
  const stage = draft.stageOf(execution);
  const actions = stage.actions.map((action) => ({
    action,
    run: currentRun(execution, stage.name, action.name),
  }));
  const busy = actions.filter((entry) => entry.run?.status === "InProgress").length;
  if (actions.some((entry) => entry.run?.status === "Failed" || entry.run?.status === "Abandoned")) {
    // The other actions of the same run order run to their end. No later action starts.
    return busy > 0 ? false : stageFailed(draft, execution, run);
  }
  const open = actions.filter((entry) => entry.run?.status !== "Succeeded");
  if (open.length === 0) {
    run.phase = "onSuccess";
    return true;
  }
  const order = Math.min(...open.map(({ action }) => action.runOrder));
  const ready = open.filter(({ action, run: current }) => action.runOrder === order && current === undefined);
  const capacity = execution.mode === "PARALLEL" ? PARALLEL_ACTIONS - busy : ready.length;
  for (const { action } of ready.slice(0, Math.max(capacity, 0))) startAction(draft, execution, action.name);
  return false;
}

function startAction(draft: Draft, execution: Execution, action: string): void {
  const id = draft.newId();
  execution.actions.push({
    id,
    stage: execution.stage,
    action,
    status: "InProgress",
    startTime: draft.now,
    lastUpdateTime: draft.now,
    details: {},
  });
  execution.lastUpdateTime = draft.now;
  if (execution.mode !== "PARALLEL")
    draft.slot(execution.stage).runs[action] = { execution: execution.id, run: id };
  draft.emit("STARTED", execution, { stage: execution.stage, run: id });
  draft.effect({ kind: "run-action", execution: execution.id, run: id });
}

/**
 * Applies the stage's declaration for a failure: one automatic retry, a rollback, a condition, or only the
 * failure.
 */
function stageFailed(draft: Draft, execution: Execution, run: StageRun): boolean {
  const onFailure = draft.stageOf(execution).onFailure;
  const stage = execution.stage;
  if (execution.type === "ROLLBACK" || onFailure === undefined) {
    fail(draft, execution);
    return false;
  }
  if (onFailure.conditions !== undefined && onFailure.conditions.length > 0) {
    run.phase = "onFailure" satisfies Hook;
    return true;
  }
  if (onFailure.result === "RETRY" && run.autoRetries === 0) {
    fail(draft, execution);
    retryStage(
      draft,
      execution,
      onFailure.retryConfiguration?.retryMode ?? "FAILED_ACTIONS",
      "AutomatedStageRetry",
    );
    return true;
  }
  fail(draft, execution);
  if (onFailure.result === "ROLLBACK") rollBackStage(draft, execution, stage);
  return false;
}

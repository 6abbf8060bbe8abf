/**
 * Evaluates the condition of a stage at one of its hooks: it starts the condition's rules and derives the
 * verdict from their results.
 */
import { assumptions } from "./assumptions.ts";
import { conditionOf, type Hook } from "./declaration.ts";
import type { Draft } from "./draft.ts";
import { currentRules, type Execution, type StageRun } from "./execution.ts";

/** `failed`: the condition's result applies. */
type Verdict = "pending" | "passed" | "failed";

export function evaluateCondition(draft: Draft, execution: Execution, hook: Hook): Verdict {
  const run = execution.stages[execution.stage];
  const condition = conditionOf(draft.stageOf(execution), hook);
  if (run === undefined || condition === undefined) return "passed";
  if (execution.type === "ROLLBACK" && !assumptions.rollbackEvaluatesConditions) return "passed";
  const state = run.conditions[hook];
  if (state === undefined) {
    begin(draft, execution, run, hook);
    return "pending";
  }
  if (state.status === "Overridden") return "passed";
  if (state.status !== "InProgress") return verdictOf(hook, state.status === "Succeeded");
  const rules = currentRules(execution, execution.stage, hook);
  const failed = rules.find(({ status }) => status === "Failed");
  if (failed === undefined && rules.some(({ status }) => status === "InProgress")) return "pending";
  state.status = failed === undefined ? "Succeeded" : "Failed";
  state.lastStatusChange = draft.now;
  state.summary =
    failed === undefined
      ? "All rules succeeded"
      : `Rule ${failed.rule} failed${failed.details.error === undefined ? "" : `: ${failed.details.error.message}`}`;
  abandonRules(draft, execution, hook);
  return verdictOf(hook, failed === undefined);
}

const verdictOf = (hook: Hook, succeeded: boolean): Verdict => {
  const engages =
    hook === "onFailure" && assumptions.onFailureActsWhen === "rules-succeed" ? succeeded : !succeeded;
  return engages ? "failed" : "passed";
};

function begin(draft: Draft, execution: Execution, run: StageRun, hook: Hook): void {
  run.conditions[hook] = { status: "InProgress", lastStatusChange: draft.now };
  for (const rule of conditionOf(draft.stageOf(execution), hook)?.rules ?? []) {
    const id = draft.newId();
    execution.rules.push({
      id,
      stage: execution.stage,
      hook,
      rule: rule.name,
      status: "InProgress",
      startTime: draft.now,
      lastUpdateTime: draft.now,
      details: {},
    });
    draft.effect({ kind: "run-rule", execution: execution.id, run: id });
  }
}

/** Ends the rules of a hook that still run. The work that they started in other services continues. */
export function abandonRules(draft: Draft, execution: Execution, hook?: Hook): void {
  for (const rule of execution.rules) {
    if (rule.status !== "InProgress" || rule.stage !== execution.stage || (hook ?? rule.hook) !== rule.hook)
      continue;
    rule.status = "Abandoned";
    rule.lastUpdateTime = draft.now;
    draft.effect({ kind: "drop", run: rule.id });
  }
}

/** A pipeline's stages as one execution went through them. */
import { warningsName } from "#release/rules/warnings.ts";
import { lastRuns } from "./failure.ts";
import type { ActionRun, ActionStatus, Execution, StageNow } from "./observation.ts";
import { asOverridden } from "./overridden.ts";
import type { ResultStage } from "./result.ts";

/**
 * `pipeline` gives the order of the stages and the stages that are still to come. It is empty when the
 * pipeline is gone.
 */
export function resultStages(execution: Execution, pipeline: readonly StageNow[]): readonly ResultStage[] {
  const runs = lastRuns(execution.actions ?? []);
  const names = [...new Set([...pipeline.map(({ name }) => name), ...runs.map(({ stage }) => stage)])];
  const otherwise = execution.status === "InProgress" ? "Pending" : "NotRun";
  const overridden = new Set(
    pipeline.filter((each) => each.overridden && each.execution?.id === execution.id).map(({ name }) => name),
  );
  return names.map((name) => {
    const ofStage = runs.filter(({ stage }) => stage === name);
    const stage = stageOf(name, ofStage, otherwise);
    return overridden.has(name) ? asOverridden(stage) : stage;
  });
}

function stageOf(name: string, runs: readonly ActionRun[], otherwise: "Pending" | "NotRun"): ResultStage {
  const status = statusOf(runs);
  const starts = runs.flatMap(({ startedAt }) => startedAt ?? []).sort();
  const ends = status === "InProgress" ? [] : runs.flatMap(({ endedAt }) => endedAt ?? []).sort();
  return {
    name,
    status: status ?? otherwise,
    ...(starts[0] !== undefined && { startedAt: starts[0] }),
    ...(ends.at(-1) !== undefined && { endedAt: ends.at(-1) as string }),
    actions: runs.map(resultAction),
  };
}

/** An action without a message may have warnings of rules. */
function resultAction({
  stage: _,
  action,
  variables,
  cause: __,
  decider: ___,
  by: ____,
  ...run
}: ActionRun): ResultStage["actions"][number] {
  const message = run.message ?? variables?.[warningsName];
  return { name: action, ...run, ...(message !== undefined && { message }) };
}

/** The worst of a stage's actions is the stage's. */
function statusOf(runs: readonly ActionRun[]): ActionStatus | undefined {
  const order: readonly ActionStatus[] = ["Failed", "Abandoned", "InProgress", "Succeeded"];
  return order.find((status) => runs.some((run) => run.status === status));
}

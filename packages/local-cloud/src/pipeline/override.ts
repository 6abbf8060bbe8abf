/**
 * Overrides a condition that blocks a stage, so that the execution continues as if the condition had
 * passed.
 */
import { AwsError } from "#cloud/kernel/aws-error.ts";
import { abandonRules } from "./condition.ts";
import { conditionOf, type Hook } from "./declaration.ts";
import type { Draft } from "./draft.ts";
import { progress } from "./progress.ts";

/** Implements OverrideStageCondition. */
export function override(
  draft: Draft,
  stage: string,
  id: string,
  hook: Extract<Hook, "beforeEntry" | "onSuccess">,
): void {
  const execution = draft.execution(id);
  if (execution === undefined || (execution.mode !== "PARALLEL" && draft.slot(stage).latest !== id)) {
    throw new AwsError(
      "NotLatestPipelineExecutionException",
      `The pipeline execution ${id} is not the latest one in stage ${stage}`,
    );
  }
  const run = execution.stages[stage];
  const state = run?.conditions[hook];
  const declared = draft.stagesOf(execution).find(({ name }) => name === stage);
  const skips = declared !== undefined && conditionOf(declared, hook)?.result === "SKIP";
  const open = state?.status === "InProgress" || state?.status === "Failed" || state?.status === "Errored";
  if (run === undefined || state === undefined || skips || !open || execution.stage !== stage) {
    throw new AwsError(
      "ConditionNotOverridableException",
      `The ${hook} condition of stage ${stage} cannot be overridden for pipeline execution ${id}`,
    );
  }
  state.status = "Overridden";
  state.lastStatusChange = draft.now;
  abandonRules(draft, execution, hook);
  if (execution.place === "ended") {
    execution.place = "inside";
    execution.status = "InProgress";
    run.status = "InProgress";
    if (execution.mode !== "PARALLEL") draft.slot(stage).occupant = id;
    draft.emit("RESUMED", execution);
    draft.emit("RESUMED", execution, { stage });
  }
  run.phase = hook;
  progress(draft, execution);
}

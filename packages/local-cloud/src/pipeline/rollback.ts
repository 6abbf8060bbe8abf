/**
 * Rolls a stage back: a new execution runs the stage again with the artifacts of an earlier, successful
 * execution.
 */
import { AwsError } from "#cloud/kernel/aws-error.ts";
import type { Draft } from "./draft.ts";
import { enter } from "./enter.ts";
import type { Execution } from "./execution.ts";

/** Implements RollbackStage. Returns the new execution's id. */
export function rollBack(draft: Draft, stage: string, targetId: string): string {
  const unable = (why: string): AwsError => new AwsError("UnableToRollbackStageException", why);
  const target = draft.execution(targetId);
  if (target === undefined) {
    throw new AwsError(
      "PipelineExecutionNotFoundException",
      `The pipeline execution ${targetId} was not found for pipeline ${draft.declaration.name}`,
    );
  }
  if (draft.declaration.executionMode === "PARALLEL") {
    throw unable(
      `Unable to rollback stage ${stage}: stages of a pipeline in PARALLEL mode cannot be rolled back`,
    );
  }
  if (draft.declaration.stages[0]?.name === stage) {
    throw unable(`Unable to rollback stage ${stage}: a source stage cannot be rolled back`);
  }
  if (target.version !== draft.declaration.version) {
    throw new AwsError(
      "PipelineExecutionOutdatedException",
      `Pipeline execution ${targetId} is outdated: the pipeline was updated to version ${draft.declaration.version} after it ran with version ${target.version}`,
    );
  }
  if (target.type === "ROLLBACK")
    throw unable(`Execution ${targetId} is a rollback and cannot be a rollback target`);
  if (target.stages[stage]?.status !== "Succeeded") {
    throw unable(`Execution ${targetId} did not succeed in stage ${stage}`);
  }
  if (draft.slot(stage).occupant !== undefined) {
    throw unable(`Unable to rollback stage ${stage}: the stage is currently running`);
  }
  return begin(draft, stage, target, "ManualRollback").id;
}

/**
 * Rolls back after a failure to the latest execution that succeeded in the stage. A pipeline's first
 * execution has none.
 */
export function rollBackStage(draft: Draft, failed: Execution, stage: string): void {
  const target = draft
    .all()
    .findLast(
      (candidate) =>
        candidate.id !== failed.id &&
        candidate.type === "STANDARD" &&
        candidate.version === draft.declaration.version &&
        candidate.stages[stage]?.status === "Succeeded",
    );
  if (target !== undefined && failed.type === "STANDARD" && failed.mode !== "PARALLEL") {
    begin(draft, stage, target, "AutomatedRollback");
  }
}

function begin(
  draft: Draft,
  stage: string,
  target: Execution,
  triggerType: "ManualRollback" | "AutomatedRollback",
): Execution {
  const execution: Execution = {
    id: draft.newId(),
    pipeline: target.pipeline,
    version: target.version,
    mode: target.mode,
    type: "ROLLBACK",
    status: "InProgress",
    startTime: draft.now,
    lastUpdateTime: draft.now,
    trigger: { triggerType, triggerDetail: target.id },
    rollbackTarget: target.id,
    attempt: 1,
    stage,
    place: "waiting",
    variables: target.variables,
    sourceRevisions: target.sourceRevisions,
    stages: {},
    actions: [],
    rules: [],
    artifacts: structuredClone(target.artifacts),
    namespaces: structuredClone(target.namespaces),
    revisions: structuredClone(target.revisions),
  };
  draft.add(execution);
  draft.emit("STARTED", execution);
  enter(draft, execution);
  return execution;
}

/** Questions about a pipeline's executions that both the decision and the result ask. */

import { isTeardownMarker } from "#release/names/tokens.ts";
import { actionNames } from "#release/plan/plan.ts";
import { templateLabel } from "#release/template/template-index.ts";
import type { Execution, Observation } from "./observation.ts";

export const isRunning = ({ status }: Execution): boolean => status === "InProgress" || status === "Stopping";

/**
 * Returns the newest execution of a version. An execution that a teardown stopped does not count, because it
 * says nothing about the version.
 */
export const executionOf = (observation: Observation, versionId: string): Execution | undefined =>
  observation.executions.find(
    (execution) => execution.versionId === versionId && !isTeardownMarker(execution.stopReason),
  );

/** Returns the same execution, unless its verdict no longer holds (see `isBehind`). */
export function currentExecutionOf(observation: Observation, versionId: string): Execution | undefined {
  const own = executionOf(observation, versionId);
  return own !== undefined && isBehind(observation, own) ? undefined : own;
}

/**
 * The version was released with an older release template than the line has now: a rollout moved the line or
 * its pipeline. Kedge releases the version again, so that a defect of the new template shows at once.
 */
function isBehind({ wanted, pipeline }: Observation, own: Execution): boolean {
  const template = wanted ?? pipeline?.template;
  if (isRunning(own) || own.template === undefined || template === undefined) return false;
  return own.template !== templateLabel(template);
}

/** The stage an execution is in right now. */
export const stageOf = (observation: Observation, id: string) =>
  observation.stages.find(({ execution }) => execution?.id === id && execution.status === "InProgress");

/** The stage an execution waits in front of. */
export const waitsBefore = (observation: Observation, id: string) =>
  observation.stages.find(({ waiting }) => waiting.includes(id));

/** True when the execution only waits for an approver's answer. */
export function waitsForApproval(observation: Observation, id: string): boolean {
  const atWork = stageOf(observation, id)?.actions.filter(({ status }) => status === "InProgress") ?? [];
  return atWork.length > 0 && atWork.every(({ name }) => name === actionNames.approve);
}

/** How often, since the newest artifact came, an execution ended without ever reading its source. */
export function sourceFailures({ artifact, executions }: Observation): number {
  const known = executions.findIndex(({ versionId }) => versionId !== undefined);
  const unknown = known === -1 ? executions : executions.slice(0, known);
  // Times are texts of one form, so their order is that of the texts.
  const since = artifact?.lastModified ?? "";
  return unknown.filter(({ status, startedAt = since }) => status === "Failed" && startedAt >= since).length;
}

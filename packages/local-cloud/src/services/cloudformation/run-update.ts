/**
 * Runs a stack update: applies the changes, then deletes replaced and removed resources. Failures roll back.
 */

import { reversed } from "#cloud/cloudformation/dependency-graph.ts";
import { AwsError } from "#cloud/kernel/aws-error.ts";
import { failureReason } from "./failure.ts";
import { importsOf } from "./imports.ts";
import { inOrder } from "./in-order.ts";
import { computeOutputs, publishOutputs, releaseImports } from "./outputs.ts";
import type { Prepared } from "./prepare.ts";
import { changeStack, clearBefore, dropResource, setStackStatus } from "./record.ts";
import { deleteStep, mayProceed, type Run, removeReplaced } from "./resource-steps.ts";
import { runUpdateRollback } from "./run-rollback.ts";
import type { OperationRow, ResourceRow } from "./state.ts";
import { updateStep } from "./update-step.ts";
import { endOperation, stackRow, type Worker } from "./worker.ts";

export async function runUpdate(worker: Worker, prepared: Prepared): Promise<void> {
  const { location, stackId, operation } = worker;
  if (operation.phase === "cleanup") return await cleanUp(worker, prepared);
  const run: Run = { worker, prepared, failed: [] };
  const cancelled = (): boolean => stackRow(worker).operation?.cancelled === true;
  const work = async (id: string): Promise<boolean> => {
    const declaration = prepared.resources[id];
    return declaration ? await updateStep(run, id, declaration) : false;
  };
  await inOrder(prepared.graph, work, () => {
    if (cancelled()) run.stop = "User Initiated";
    return mayProceed(run);
  });
  if (location.cloud.stopping()) return;
  let reason = run.stop ?? updateFailure(run);
  if (reason === undefined) {
    try {
      publishOutputs(location, stackId, computeOutputs(location, stackId, prepared));
    } catch (error) {
      reason = error instanceof AwsError ? error.message : failureReason(error, "AWS::CloudFormation::Stack");
    }
  }
  if (reason === undefined) {
    await succeed(worker, prepared);
    return;
  }
  if (operation.disableRollback) {
    setStackStatus(location, stackId, "UPDATE_FAILED", reason);
    endOperation(location, stackId);
    return;
  }
  const phase = { phase: "rollback" } as const;
  changeStack(location, stackId, { operation: { ...operation, ...phase } });
  setStackStatus(location, stackId, "UPDATE_ROLLBACK_IN_PROGRESS", reason);
  await runUpdateRollback({ ...worker, operation: { ...operation, ...phase } });
}

function updateFailure(run: Run): string | undefined {
  if (run.failed.length === 0) return undefined;
  const rows = run.worker.location.state.resources.get(run.worker.stackId) ?? {};
  const created = run.failed.filter((id) => rows[id]?.status === "CREATE_FAILED");
  const updated = run.failed.filter((id) => !created.includes(id));
  const sentence = (ids: readonly string[], verb: string): string =>
    ids.length === 0 ? "" : `The following resource(s) failed to ${verb}: [${ids.join(", ")}]. `;
  return `${sentence(created, "create")}${sentence(updated, "update")}`;
}

async function succeed(worker: Worker, prepared: Prepared): Promise<void> {
  const { location, stackId, operation } = worker;
  const next: OperationRow = { ...operation, phase: "cleanup" };
  const stack = stackRow(worker);
  changeStack(location, stackId, {
    operation: next,
    definition: operation.definition ?? stack.definition,
    ...(operation.roleArn === undefined ? {} : { roleArn: operation.roleArn }),
    ...(operation.changeSetId === undefined ? {} : { changeSetId: operation.changeSetId }),
  });
  setStackStatus(location, stackId, "UPDATE_COMPLETE_CLEANUP_IN_PROGRESS");
  await cleanUp({ ...worker, operation: next }, prepared);
}

async function cleanUp(worker: Worker, prepared: Prepared): Promise<void> {
  const { location, stackId } = worker;
  const rows = (): readonly ResourceRow[] => Object.values(location.state.resources.get(stackId) ?? {});
  const run: Run = { worker, prepared, failed: [] };
  const all = new Map(rows().map((row) => [row.logicalId, row.before?.dependsOn ?? row.dependsOn]));
  await inOrder(reversed(all), async (id) => {
    const row = location.state.resources.get(stackId)?.[id];
    if (!row || location.cloud.stopping()) return true;
    if (prepared.resources[id] === undefined) {
      const policy = row.deletionPolicy === "RetainExceptOnCreate" ? "Retain" : row.deletionPolicy;
      if (row.status !== "DELETE_COMPLETE" && row.status !== "DELETE_SKIPPED")
        await deleteStep(run, row, policy);
      dropResource(location, stackId, id);
      return true;
    }
    if (row.before && row.before.physicalId !== row.physicalId) {
      await removeReplaced(run, id, row.before, row.before.updateReplacePolicy);
    }
    clearBefore(location, stackId, id);
    return true;
  });
  if (location.cloud.stopping()) return;
  releaseImports(location, stackId, importsOf(prepared));
  setStackStatus(location, stackId, "UPDATE_COMPLETE");
  endOperation(location, stackId);
}

/**
 * Runs a stack's creation to CREATE_COMPLETE. After a failure it follows `OnFailure`: roll back, delete or
 * keep (CloudFormation API Reference, CreateStack, "OnFailure").
 */
import { AwsError } from "#cloud/kernel/aws-error.ts";
import { failureReason } from "./failure.ts";
import { inOrder } from "./in-order.ts";
import { computeOutputs, publishOutputs, releaseImports } from "./outputs.ts";
import type { Prepared } from "./prepare.ts";
import { setStackStatus } from "./record.ts";
import { createStep, mayProceed, type Run } from "./resource-steps.ts";
import { removeAll } from "./run-delete.ts";
import { endOperation, stackRow, type Worker } from "./worker.ts";

export async function runCreate(worker: Worker, prepared: Prepared): Promise<void> {
  const { location, stackId } = worker;
  const run: Run = { worker, prepared, failed: [] };
  const minutes = stackRow(worker).timeoutInMinutes;
  const timer =
    minutes === undefined
      ? undefined
      : location.clock.after(minutes * 60_000, () => {
          run.stop = "Stack creation time exceeded the specified timeout";
        });
  const work = async (id: string): Promise<boolean> => {
    const declaration = prepared.resources[id];
    return declaration ? await createStep(run, id, declaration) : false;
  };
  await inOrder(prepared.graph, work, () => mayProceed(run));
  timer?.cancel();
  if (location.cloud.stopping()) return;
  let reason = failureOf(run);
  if (reason === undefined) {
    try {
      publishOutputs(location, stackId, computeOutputs(location, stackId, prepared));
    } catch (error) {
      reason = error instanceof AwsError ? error.message : failureReason(error, "AWS::CloudFormation::Stack");
    }
  }
  if (reason === undefined) {
    setStackStatus(location, stackId, "CREATE_COMPLETE");
    endOperation(location, stackId);
    return;
  }
  await afterFailedCreate(worker, reason);
}

function failureOf(run: Run): string | undefined {
  if (run.stop !== undefined) return run.stop;
  return run.failed.length === 0
    ? undefined
    : `The following resource(s) failed to create: [${run.failed.join(", ")}]`;
}

async function afterFailedCreate(worker: Worker, reason: string): Promise<void> {
  const { location, stackId } = worker;
  const { onFailure } = stackRow(worker);
  if (onFailure === "DO_NOTHING") {
    setStackStatus(location, stackId, "CREATE_FAILED", `${reason}. `);
    endOperation(location, stackId);
    return;
  }
  const deletes = onFailure === "DELETE";
  setStackStatus(
    location,
    stackId,
    deletes ? "DELETE_IN_PROGRESS" : "ROLLBACK_IN_PROGRESS",
    `${reason}. ${deletes ? "Delete" : "Rollback"} requested by user.`,
  );
  await runCreateRollback(worker);
}

/** Removes the resources of a failed creation. */
export async function runCreateRollback(worker: Worker): Promise<void> {
  const { location, stackId } = worker;
  const deletes = stackRow(worker).onFailure === "DELETE";
  const failed = await removeAll(worker, "creation");
  if (location.cloud.stopping()) return;
  releaseImports(location, stackId, new Set());
  const reason =
    failed.length === 0 ? undefined : `The following resource(s) failed to delete: [${failed.join(", ")}]. `;
  setStackStatus(
    location,
    stackId,
    failed.length > 0
      ? deletes
        ? "DELETE_FAILED"
        : "ROLLBACK_FAILED"
      : deletes
        ? "DELETE_COMPLETE"
        : "ROLLBACK_COMPLETE",
    reason,
  );
  if (deletes && failed.length === 0) {
    location.state.names.delete(stackRow(worker).name);
  }
  endOperation(location, stackId);
}

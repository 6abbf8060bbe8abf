/** Rolls back a failed update: restores the old properties, then deletes the resources of the update. */
import { failureReason } from "./failure.ts";
import { inOrder } from "./in-order.ts";
import type { Prepared } from "./prepare.ts";
import { updateResource } from "./provision.ts";
import { changeStack, clearBefore, dropResource, setResource, setStackStatus } from "./record.ts";
import { deleteStep, failStep, type Run, removeReplaced, withoutReason } from "./resource-steps.ts";
import type { ResourceRow } from "./state.ts";
import { snapshot } from "./update-step.ts";
import { endOperation, type Worker } from "./worker.ts";

const noTemplate = {} as Prepared;

export async function runUpdateRollback(worker: Worker): Promise<void> {
  const { location, stackId, operation } = worker;
  const rows = (): Readonly<Record<string, ResourceRow>> => location.state.resources.get(stackId) ?? {};
  const run: Run = { worker, prepared: noTemplate, failed: [] };
  if (operation.phase !== "rollback-cleanup") {
    const graph = new Map(
      Object.values(rows()).map((row) => [row.logicalId, row.before?.dependsOn ?? row.dependsOn]),
    );
    await inOrder(graph, async (id) => {
      const row = rows()[id];
      if (!row?.before || row.rolledBack || location.cloud.stopping()) return true;
      return await rollBackResource(run, row);
    });
    if (location.cloud.stopping()) return;
    if (run.failed.length > 0) {
      setStackStatus(
        location,
        stackId,
        "UPDATE_ROLLBACK_FAILED",
        `The following resource(s) failed to update: [${run.failed.join(", ")}]. `,
      );
      changeStack(location, stackId, { operation: undefined });
      return;
    }
    changeStack(location, stackId, { operation: { ...operation, phase: "rollback-cleanup" } });
    setStackStatus(location, stackId, "UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS");
  }
  await cleanUp(run);
  if (location.cloud.stopping()) return;
  setStackStatus(location, stackId, "UPDATE_ROLLBACK_COMPLETE");
  endOperation(location, stackId);
}

/** Rolls back one resource. `before` then holds the state that the update gave it, for the clean-up. */
async function rollBackResource(run: Run, row: ResourceRow): Promise<boolean> {
  const { location, stackId, operation } = run.worker;
  const before = row.before;
  if (!before) return true;
  const made = snapshot(row);
  const skipped = operation.skip?.includes(row.logicalId) ?? false;
  const restored: ResourceRow = {
    ...withoutReason(row),
    ...before,
    before: made,
    rolledBack: true,
    status: "UPDATE_COMPLETE",
  };
  const replaced = before.physicalId !== row.physicalId;
  const inProgress = setResource(location, stackId, withoutReason({ ...row, status: "UPDATE_IN_PROGRESS" }));
  try {
    if (!replaced && !skipped) {
      await updateResource(run.worker, row, before.physicalId ?? "", before.properties, row.properties);
      await location.clock.sleep(location.cloud.pace.resource);
    }
  } catch (error) {
    return failStep(run, inProgress, "UPDATE_FAILED", failureReason(error, row.type));
  }
  setResource(location, stackId, restored);
  return true;
}

async function cleanUp(run: Run): Promise<void> {
  const { worker } = run;
  const { location, stackId } = worker;
  const rows = location.state.resources.get(stackId) ?? {};
  const waits = new Map<string, string[]>(Object.keys(rows).map((id) => [id, []]));
  for (const row of Object.values(rows)) {
    const needed = row.rolledBack ? (row.before?.dependsOn ?? []) : row.dependsOn;
    for (const id of needed) waits.get(id)?.push(row.logicalId);
  }
  await inOrder(waits, async (id) => {
    const row = location.state.resources.get(stackId)?.[id];
    if (!row || location.cloud.stopping()) return true;
    if (row.before === null) {
      await deleteStep(run, row, "Delete");
      dropResource(location, stackId, id);
    } else if (row.before && row.before.physicalId !== row.physicalId) {
      await removeReplaced(run, id, row.before, "Delete");
    }
    clearBefore(location, stackId, id);
    return true;
  });
}

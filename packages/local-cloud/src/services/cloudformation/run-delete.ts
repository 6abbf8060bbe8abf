/** Deletes a stack: first its resources, each after its dependents, then the stack itself. */
import type { Graph } from "#cloud/cloudformation/dependency-graph.ts";
import { reversed } from "#cloud/cloudformation/dependency-graph.ts";
import { inOrder } from "./in-order.ts";
import { importersOf, releaseImports } from "./outputs.ts";
import type { Prepared } from "./prepare.ts";
import { changeStack, setStackStatus } from "./record.ts";
import { deleteStep, type Run } from "./resource-steps.ts";
import type { ResourceRow } from "./state.ts";
import { endOperation, stackRow, type Worker } from "./worker.ts";

const noTemplate = {} as Prepared;

/** With `creation` it rolls back a creation, in which `RetainExceptOnCreate` deletes the resource. */
export async function removeAll(worker: Worker, of: "creation" | "stack"): Promise<readonly string[]> {
  const { location, stackId, operation } = worker;
  const rows = location.state.resources.get(stackId) ?? {};
  const graph: Graph = new Map(
    Object.values(rows).map((row) => [row.logicalId, row.dependsOn.filter((id) => id in rows)]),
  );
  const run: Run = { worker, prepared: noTemplate, failed: [] };
  const retained = new Set(operation.retain ?? []);
  const work = async (id: string): Promise<boolean> => {
    const row = location.state.resources.get(stackId)?.[id];
    if (!row || location.cloud.stopping()) return row === undefined;
    return await deleteStep(run, row, retained.has(id) ? "Retain" : policyOf(row, of, worker));
  };
  await inOrder(reversed(graph), work);
  return run.failed;
}

function policyOf(row: ResourceRow, of: "creation" | "stack", worker: Worker): string {
  const expendable =
    of === "creation" &&
    (row.deletionPolicy === "RetainExceptOnCreate" || stackRow(worker).retainExceptOnCreate);
  if (expendable) return "Delete";
  return row.deletionPolicy === "RetainExceptOnCreate" ? "Retain" : row.deletionPolicy;
}

export async function runDelete(worker: Worker): Promise<void> {
  const { location, stackId } = worker;
  const failed = await removeAll(worker, "stack");
  if (location.cloud.stopping()) return;
  if (failed.length > 0) {
    setStackStatus(
      location,
      stackId,
      "DELETE_FAILED",
      `The following resource(s) failed to delete: [${failed.join(", ")}]. `,
    );
    endOperation(location, stackId);
    return;
  }
  finishDelete(worker);
}

export function finishDelete(worker: Pick<Worker, "location" | "stackId">): void {
  const { location, stackId } = worker;
  const stack = stackRow(worker);
  releaseImports(location, stackId, new Set());
  for (const one of [...location.state.exports.values()])
    if (one.stackId === stackId) location.state.exports.delete(one.name);
  for (const set of [...location.state.changeSets.values()]) {
    if (set.stackId === stackId) location.state.changeSets.delete(set.changeSetId);
  }
  changeStack(location, stackId, { deleted: location.clock.now() });
  setStackStatus(location, stackId, "DELETE_COMPLETE");
  if (location.state.names.get(stack.name) === stackId) location.state.names.delete(stack.name);
  endOperation(location, stackId);
}

/** Returns an export of the stack that other stacks still import, with their names. */
export function exportInUse(
  worker: Pick<Worker, "location" | "stackId">,
): { readonly name: string; readonly by: readonly string[] } | undefined {
  for (const one of worker.location.state.exports.values()) {
    if (one.stackId !== worker.stackId) continue;
    const by = importersOf(worker.location, one.importers);
    if (by.length > 0) return { name: one.name, by };
  }
  return undefined;
}

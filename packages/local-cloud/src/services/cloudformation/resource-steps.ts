/** Creates and deletes one resource within a stack operation, and records AWS's events of each step. */
import { randomBytes } from "node:crypto";
import { resolve } from "#cloud/cloudformation/intrinsics.ts";
import { isObject, type JsonObject } from "#cloud/cloudformation/json.ts";
import { noValue } from "#cloud/cloudformation/scope.ts";
import type { ResourceDeclaration } from "#cloud/cloudformation/template.ts";
import { AwsError } from "#cloud/kernel/aws-error.ts";
import { failureReason, handlerCode } from "./failure.ts";
import { shownProperties } from "./no-echo.ts";
import type { Prepared } from "./prepare.ts";
import { createResource, deleteResource, isRecorded } from "./provision.ts";
import { addOtherEvent, setResource } from "./record.ts";
import type { ResourceBefore, ResourceRow } from "./state.ts";
import { resolveProperties, stackScope, type Worker } from "./worker.ts";

/** One run over a stack's resources. After the first failure no further step begins. */
export type Run = {
  readonly worker: Worker;
  readonly prepared: Prepared;
  readonly failed: string[];
  /** The reason to end the run although no resource has failed, e.g. the creation timed out. */
  stop?: string;
};

export const mayProceed = (run: Run): boolean =>
  run.failed.length === 0 && run.stop === undefined && !run.worker.location.cloud.stopping();

export const rowOf = (run: Pick<Run, "worker">, logicalId: string): ResourceRow | undefined =>
  run.worker.location.state.resources.get(run.worker.stackId)?.[logicalId];

/** Returns the fields of a row that the template alone decides. */
export function declaredFields(
  run: Run,
  logicalId: string,
  declaration: ResourceDeclaration,
): Pick<
  ResourceRow,
  "logicalId" | "type" | "dependsOn" | "deletionPolicy" | "updateReplacePolicy" | "recorded"
> & { readonly metadata?: string } {
  const scope = stackScope(run.worker.location, run.worker.stackId, run.prepared);
  const text = (value: unknown): string => (typeof value === "string" ? value : "Delete");
  const policy = (value: ResourceDeclaration["DeletionPolicy"]): string => {
    const resolved = value === undefined ? "Delete" : resolve(value, scope);
    return resolved === noValue ? "Delete" : text(resolved);
  };
  return {
    logicalId,
    type: declaration.Type,
    dependsOn: run.prepared.graph.get(logicalId) ?? [],
    deletionPolicy: policy(declaration.DeletionPolicy),
    updateReplacePolicy: policy(declaration.UpdateReplacePolicy),
    recorded: isRecorded(declaration.Type),
    ...(isObject(declaration.Metadata) ? { metadata: JSON.stringify(declaration.Metadata) } : {}),
  };
}

const pace = (run: Pick<Run, "worker">): Promise<void> =>
  run.worker.location.clock.sleep(run.worker.location.cloud.pace.resource);

async function startCreation(
  run: Run,
  selected: ResourceRow,
  declaration: ResourceDeclaration,
  resumed: boolean,
): Promise<ResourceRow> {
  const { location, stackId } = run.worker;
  const scope = stackScope(location, stackId, run.prepared);
  const properties = resolveProperties(declaration.Properties, scope);
  const shown = shownProperties(declaration.Properties, scope, run.prepared.template);
  const row = setResource(location, stackId, { ...selected, properties, shown }, !resumed);
  const made = await createResource(run.worker, { ...row, resumed }, properties);
  return setResource(location, stackId, { ...row, ...made, reason: "Resource creation Initiated" });
}

/** Creates a resource of the template; returns whether it exists now. */
export async function createStep(
  run: Run,
  logicalId: string,
  declaration: ResourceDeclaration,
): Promise<boolean> {
  const { location, stackId, operation } = run.worker;
  const found = rowOf(run, logicalId);
  const own = found?.operationId === operation.id ? found : undefined;
  if (own?.status === "CREATE_COMPLETE") return true;
  if (own?.status === "CREATE_FAILED") {
    run.failed.push(logicalId);
    return false;
  }
  const interrupted = own?.status === "CREATE_IN_PROGRESS" ? own : undefined;
  // The cloud stopped between the call and its answer: an existing resource of this name is this creation's.
  const resumed = interrupted !== undefined && interrupted.physicalId === undefined;
  const parts = declaredFields(run, logicalId, declaration);
  let row: ResourceRow = {
    ...parts,
    status: "CREATE_IN_PROGRESS",
    time: location.clock.now(),
    properties: {},
    attributes: {},
    random: interrupted?.random ?? randomBytes(12).toString("hex"),
    operationId: operation.id,
    ...(operation.kind === "update" ? { before: null } : {}),
  };
  try {
    if (interrupted?.physicalId !== undefined) row = interrupted;
    else row = await startCreation(run, row, declaration, resumed);
    await pace(run);
  } catch (error) {
    return failStep(run, row, "CREATE_FAILED", failureReason(error, row.type));
  }
  if (run.failed.length > 0 || run.stop !== undefined) {
    return failStep(run, row, "CREATE_FAILED", "Resource creation cancelled", false);
  }
  setResource(location, stackId, complete(row, "CREATE_COMPLETE"));
  return true;
}

/** Ends a step. A resource without behaviour says so, because AWS would have made a real one. */
export const complete = (row: ResourceRow, status: "CREATE_COMPLETE" | "UPDATE_COMPLETE"): ResourceRow => ({
  ...withoutReason(row),
  status,
  ...(row.recorded ? { reason: `Recorded only: the embedded cloud has no behaviour for ${row.type}.` } : {}),
});

export const withoutReason = ({ reason: _reason, ...row }: ResourceRow): ResourceRow => row;

export function failStep(
  run: Run,
  row: ResourceRow,
  status: "CREATE_FAILED" | "UPDATE_FAILED" | "DELETE_FAILED",
  reason: string,
  counts = true,
): false {
  if (counts) run.failed.push(row.logicalId);
  setResource(run.worker.location, run.worker.stackId, { ...row, status, reason });
  return false;
}

/** Removes a resource from its stack; the deletion policy decides whether it stays in the account. */
export async function deleteStep(run: Run, row: ResourceRow, policy: string): Promise<boolean> {
  const { location, stackId } = run.worker;
  if (row.status === "DELETE_COMPLETE" || row.status === "DELETE_SKIPPED") return true;
  if (row.physicalId === undefined) {
    setResource(location, stackId, withoutReason({ ...row, status: "DELETE_COMPLETE" }), false);
    return true;
  }
  if (policy !== "Delete" && policy !== "Snapshot") {
    setResource(location, stackId, withoutReason({ ...row, status: "DELETE_SKIPPED" }));
    return true;
  }
  const inProgress = setResource(location, stackId, withoutReason({ ...row, status: "DELETE_IN_PROGRESS" }));
  try {
    await removePhysical(run.worker, { ...row, physicalId: row.physicalId });
    await pace(run);
  } catch (error) {
    return failStep(run, inProgress, "DELETE_FAILED", failureReason(error, row.type));
  }
  setResource(location, stackId, withoutReason({ ...inProgress, status: "DELETE_COMPLETE" }));
  return true;
}

type ExistingResource = {
  readonly logicalId: string;
  readonly type: string;
  readonly random: string;
  readonly physicalId: string;
  readonly properties: JsonObject;
};

/** A resource that no longer exists counts as removed. */
async function removePhysical(worker: Worker, row: ExistingResource): Promise<void> {
  try {
    await deleteResource(worker, row, row.physicalId, row.properties);
  } catch (error) {
    if (error instanceof AwsError && handlerCode(error) === "NotFound") return;
    throw error;
  }
}

/**
 * Removes the old resource after a replacement. A failure becomes an event and does not stop the clean-up.
 */
export async function removeReplaced(
  run: Run,
  logicalId: string,
  left: ResourceBefore,
  policy: string,
): Promise<void> {
  const { location, stackId } = run.worker;
  if (left.physicalId === undefined) return;
  const stackEvent = {
    logicalId,
    physicalId: left.physicalId,
    type: left.type,
    properties: JSON.stringify(left.shown ?? left.properties),
  };
  if (policy !== "Delete" && policy !== "Snapshot") {
    addOtherEvent(location, stackId, { ...stackEvent, status: "DELETE_SKIPPED" });
    return;
  }
  addOtherEvent(location, stackId, { ...stackEvent, status: "DELETE_IN_PROGRESS" });
  try {
    await removePhysical(run.worker, { ...left, physicalId: left.physicalId });
    await pace(run);
    addOtherEvent(location, stackId, { ...stackEvent, status: "DELETE_COMPLETE" });
  } catch (error) {
    addOtherEvent(location, stackId, {
      ...stackEvent,
      status: "DELETE_FAILED",
      reason: failureReason(error, left.type),
    });
  }
}

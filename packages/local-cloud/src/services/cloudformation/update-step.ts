/** Updates one resource of a stack to the new template: leaves it, updates it in place, or replaces it. */
import { randomBytes } from "node:crypto";
import { changedProperties, type PropertyChange, replacement } from "#cloud/cloudformation/diff.ts";
import { isObject, type JsonObject, sameJson } from "#cloud/cloudformation/json.ts";
import type { ResourceDeclaration } from "#cloud/cloudformation/template.ts";
import { AwsError } from "#cloud/kernel/aws-error.ts";
import { spec } from "#cloud/resource-types/known-spec.ts";
import { recreationRule } from "#cloud/resource-types/replacement.ts";
import type { ResourceType } from "#cloud/resource-types/resource-type.ts";
import { failureReason, handlerCode } from "./failure.ts";
import { shownProperties } from "./no-echo.ts";
import { behaviourOf, createResource, updateResource } from "./provision.ts";
import { setResource } from "./record.ts";
import {
  complete,
  createStep,
  declaredFields,
  failStep,
  type Run,
  rowOf,
  withoutReason,
} from "./resource-steps.ts";
import { stackPolicyDenial } from "./stack-policy.ts";
import type { ResourceBefore, ResourceRow } from "./state.ts";
import { resolveProperties, stackRow, stackScope } from "./worker.ts";

/** Returns how a property changes: the resource type's own rule comes before the schema's. */
export const ruleFor = (behaviour: ResourceType) => {
  const bySchema = recreationRule(spec.get(behaviour.type));
  return (
    name: string,
    ...values: [before: JsonObject[string] | undefined, after: JsonObject[string] | undefined]
  ) => behaviour.recreation?.[name] ?? bySchema(name, ...values);
};

export const snapshot = ({
  before: _b,
  status: _s,
  reason: _r,
  time: _t,
  ...row
}: ResourceRow): ResourceBefore => row;

/** Stack tags reach only the resource types that have a property for tags. */
export const takesTags = (type: string): boolean => spec.get(type)?.tags !== undefined;

const deletedStatuses: ReadonlySet<string> = new Set(["DELETE_COMPLETE", "DELETE_SKIPPED"]);

export async function updateStep(
  run: Run,
  logicalId: string,
  declaration: ResourceDeclaration,
): Promise<boolean> {
  const { location, stackId, operation } = run.worker;
  const row = rowOf(run, logicalId);
  const own = row?.operationId === operation.id ? row : undefined;
  if (!row || row.physicalId === undefined || deletedStatuses.has(row.status) || own?.before === null) {
    return await createStep(run, logicalId, declaration);
  }
  if (own?.status === "UPDATE_COMPLETE") return true;
  if (own?.status === "UPDATE_FAILED") {
    run.failed.push(logicalId);
    return false;
  }
  const declared = declaredFields(run, logicalId, declaration);
  const behaviour = behaviourOf(declared.type);
  const interrupted = own?.status === "UPDATE_IN_PROGRESS" ? own : undefined;
  if (interrupted?.before && interrupted.before.physicalId !== interrupted.physicalId) {
    setResource(location, stackId, complete(interrupted, "UPDATE_COMPLETE"));
    return true;
  }
  // After a stop the update runs again, from the state before it.
  const was: ResourceRow = interrupted?.before ? { ...row, ...interrupted.before } : row;
  let properties: JsonObject;
  let changes: readonly PropertyChange[];
  let parts: typeof declared & Pick<ResourceRow, "shown">;
  try {
    const scope = stackScope(location, stackId, run.prepared);
    properties = resolveProperties(declaration.Properties, scope);
    parts = { ...declared, shown: shownProperties(declaration.Properties, scope, run.prepared.template) };
    changes = changedProperties(was.properties, properties, ruleFor(behaviour));
  } catch (error) {
    return failStep(run, row, "UPDATE_FAILED", failureReason(error, declared.type));
  }
  const retagged =
    takesTags(parts.type) && !sameJson(stackRow(run.worker).definition.tags, operation.definition?.tags);
  const metadataChanged = was.metadata !== parts.metadata;
  const { metadata: _metadata, ...bare } = row;
  const touched = changes.length > 0 || retagged || behaviour.alwaysUpdated === true;
  if (!touched && !metadataChanged) {
    setResource(location, stackId, { ...bare, ...parts }, false);
    return true;
  }
  const replaces = replacement(changes) === "True" || (changes.length > 0 && behaviour.update === undefined);
  const denial = stackPolicyDenial(
    operation.policyDuringUpdate ?? stackRow(run.worker).policy,
    logicalId,
    row.type,
    replaces ? "Update:Replace" : "Update:Modify",
  );
  const before = row.before === undefined ? snapshot(row) : row.before;
  const operationId = operation.id;
  if (denial !== undefined && touched && !(behaviour.alwaysUpdated && changes.length === 0)) {
    return failStep(run, { ...row, operationId }, "UPDATE_FAILED", denial);
  }
  if (replaces) return await replaceStep(run, { ...row, before, operationId }, parts, properties);
  return await changeStep(run, was, { ...bare, ...parts, properties, before, operationId }, touched);
}

async function changeStep(run: Run, old: ResourceRow, next: ResourceRow, touched: boolean): Promise<boolean> {
  const { location, stackId } = run.worker;
  let row = setResource(location, stackId, withoutReason({ ...next, status: "UPDATE_IN_PROGRESS" }));
  try {
    if (touched) {
      const made = await updateResource(
        run.worker,
        row,
        old.physicalId ?? "",
        row.properties,
        old.properties,
      );
      row = setResource(
        location,
        stackId,
        { ...row, physicalId: made.physicalId, attributes: { ...row.attributes, ...made.attributes } },
        false,
      );
      await location.clock.sleep(location.cloud.pace.resource);
    }
  } catch (error) {
    return failStep(run, row, "UPDATE_FAILED", failureReason(error, row.type));
  }
  if (run.failed.length > 0 || run.stop !== undefined) {
    return failStep(run, row, "UPDATE_FAILED", "Resource update cancelled", false);
  }
  setResource(location, stackId, complete(row, "UPDATE_COMPLETE"));
  return true;
}

/** Creates the new resource first; the clean-up deletes the old one. */
async function replaceStep(
  run: Run,
  old: ResourceRow,
  parts: Partial<ResourceRow>,
  properties: JsonObject,
): Promise<boolean> {
  const { location, stackId } = run.worker;
  const reason = "Requested update requires the creation of a new physical resource; hence creating one.";
  // The new name is drawn before the call, so that after a stop the same name finds the resource again.
  const resumed = old.status === "UPDATE_IN_PROGRESS" && old.random !== old.before?.random;
  const random = resumed ? old.random : randomBytes(12).toString("hex");
  const inProgress = setResource(location, stackId, { ...old, random, status: "UPDATE_IN_PROGRESS", reason });
  let row: ResourceRow;
  try {
    const made = await createResource(run.worker, { ...inProgress, ...parts, resumed }, properties);
    row = setResource(location, stackId, {
      ...inProgress,
      ...parts,
      ...made,
      properties,
      reason: "Resource creation Initiated",
    });
    await location.clock.sleep(location.cloud.pace.resource);
  } catch (error) {
    // The creation failed, so the old resource is untouched and needs no rollback.
    const { before, ...rest } = inProgress;
    const untouched = { ...rest, random: before?.random ?? old.random };
    return failStep(run, untouched, "UPDATE_FAILED", replacementFailure(error, inProgress));
  }
  if (run.failed.length > 0 || run.stop !== undefined) {
    return failStep(run, row, "UPDATE_FAILED", "Resource creation cancelled", false);
  }
  setResource(location, stackId, complete(row, "UPDATE_COMPLETE"));
  return true;
}

const replacementFailure = (error: unknown, row: ResourceRow): string => {
  const taken = error instanceof AwsError && handlerCode(error) === "AlreadyExists";
  if (!taken || !isObject(row.properties)) return failureReason(error, row.type);
  return `CloudFormation cannot update a stack when a custom-named resource requires replacing. Rename ${row.physicalId ?? ""} and update the stack again.`;
};

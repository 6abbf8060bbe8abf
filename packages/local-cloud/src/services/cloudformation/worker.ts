/** Builds the context of a stack operation: its principal, and the scope of its intrinsic functions. */

import { resolveValue } from "#cloud/cloudformation/intrinsics.ts";
import type { JsonObject } from "#cloud/cloudformation/json.ts";
import { isObject, type Json } from "#cloud/cloudformation/json.ts";
import type { Scope } from "#cloud/cloudformation/scope.ts";
import { functionError, validationError } from "#cloud/cloudformation/template-error.ts";
import type { Principal } from "#cloud/kernel/principal.ts";
import { attributeOf } from "./attributes.ts";
import type { Prepared } from "./prepare.ts";
import { changeStack } from "./record.ts";
import type { Location, OperationRow, StackRow } from "./state.ts";

export type Worker = {
  readonly location: Location;
  readonly stackId: string;
  readonly operation: OperationRow;
  readonly principal: Principal;
};

export const stackRow = (worker: Pick<Worker, "location" | "stackId">): StackRow => {
  const row = worker.location.state.stacks.get(worker.stackId);
  if (!row) throw validationError(`Stack with id ${worker.stackId} does not exist`);
  return row;
};

/** Returns a session of the operation's role, or else the caller. */
export async function operationPrincipal(
  location: Location,
  operation: Pick<OperationRow, "principal" | "roleArn">,
): Promise<Principal> {
  if (operation.roleArn === undefined) return operation.principal;
  const { session } = await location.cloud.assumeRole({
    roleArn: operation.roleArn,
    sessionName: "AWSCloudFormation",
    principal: { kind: "service", service: "cloudformation.amazonaws.com" },
    region: location.region,
  });
  return { ...session, invokedBy: "cloudformation.amazonaws.com" };
}

export function stackScope(location: Location, stackId: string, prepared: Prepared): Scope {
  return {
    ...prepared.scope,
    resource: (logicalId) => {
      const row = location.state.resources.get(stackId)?.[logicalId];
      if (row?.physicalId === undefined) return undefined;
      return {
        type: row.type,
        ref: row.physicalId,
        attribute: (name) => attributeOf(row, name, location),
      };
    },
    importValue: (name) => {
      const found = location.state.exports.get(name);
      if (!found) throw validationError(`No export named ${name} found.`);
      if (!found.importers.includes(stackId)) {
        location.state.exports.set(name, { ...found, importers: [...found.importers, stackId] });
      }
      return found.value;
    },
  };
}

/** Resolves a resource's properties, except the dynamic references. */
export function resolveProperties(properties: JsonObject | undefined, scope: Scope): JsonObject {
  const value: Json = resolveValue(properties ?? {}, scope);
  if (!isObject(value)) throw functionError("Properties must resolve to an object");
  return value;
}

export const endOperation = (location: Location, stackId: string): void => {
  changeStack(location, stackId, { operation: undefined });
};

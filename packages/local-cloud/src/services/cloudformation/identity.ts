/**
 * Finds the resource of a stack that has the identity of a new one. Some services answer a repeated creation with the
 * existing resource (SQS, CreateQueue), so the call alone does not tell. CloudFormation's handlers must fail then
 * (CloudFormation CLI User Guide, "Resource type handler contract": "AlreadyExists").
 */
import { type JsonObject, member } from "#cloud/cloudformation/json.ts";
import { AwsError } from "#cloud/kernel/aws-error.ts";
import { isCustomResource } from "#cloud/resource-types/check-types.ts";
import { spec } from "#cloud/resource-types/known-spec.ts";
import type { Location } from "./state.ts";

type Subject = {
  readonly type: string;
  readonly properties: JsonObject;
  readonly physicalId?: string | undefined;
  /** No service gave the id of a recorded resource, so its properties alone identify it. */
  readonly recorded: boolean;
};

/** Returns the primary identifier of AWS's schema, or undefined where it is not known yet. */
function identityOf({ type, properties, physicalId, recorded }: Subject): string | undefined {
  const primary = isCustomResource(type) ? [] : (spec.get(type)?.primary ?? []);
  const parts = primary.map((name) => {
    const given = member(properties, name);
    return typeof given === "string" ? given : recorded ? undefined : physicalId;
  });
  return parts.length === 0 || parts.includes(undefined) ? undefined : JSON.stringify(parts);
}

const gone: ReadonlySet<string> = new Set(["DELETE_COMPLETE", "DELETE_SKIPPED"]);

/** Rejects a new resource whose identity a resource of a stack in this account and region has. */
export function requireNewIdentity(location: Location, subject: Subject): void {
  const identity = identityOf(subject);
  if (identity === undefined) return;
  for (const rows of location.state.resources.values()) {
    for (const row of Object.values(rows)) {
      if (row.type !== subject.type || row.physicalId === undefined || gone.has(row.status)) continue;
      if (identityOf(row) !== identity) continue;
      throw new AwsError(
        "AlreadyExists",
        `Resource of type '${row.type}' with identifier '${row.physicalId}' already exists.`,
      );
    }
  }
}

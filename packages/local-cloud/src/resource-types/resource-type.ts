/**
 * Defines a resource type with behaviour: it creates, updates and deletes a resource through the cloud's
 * other services.
 */
import type { Json, JsonObject } from "#cloud/cloudformation/json.ts";
import type { NameRule } from "#cloud/cloudformation/physical-name.ts";
import type { AccessRequest } from "#cloud/kernel/access.ts";
import type { Clock } from "#cloud/kernel/clock.ts";
import type { Cloud } from "#cloud/kernel/cloud-type.ts";

export type Tag = { readonly Key: string; readonly Value: string };

/** The context of a resource operation. Every call is made as the stack's role. */
export type ResourceContext = {
  readonly cloud: Cloud;
  readonly clock: Clock;
  readonly account: string;
  readonly region: string;
  readonly stackId: string;
  readonly stackName: string;
  readonly logicalId: string;
  readonly type: string;
  /** The stack's tags and CloudFormation's own three. */
  readonly tags: readonly Tag[];
  /** Creates a name in CloudFormation's style. Each try of a creation gets the same name. */
  readonly name: (rule: NameRule) => string;
  /** Identifies this operation on this resource. A retry has the same token. */
  readonly token: string;
  /**
   * True when an earlier try of this creation was interrupted. A resource of the same name then belongs to
   * this creation.
   */
  readonly resumed: boolean;
  readonly call: <Result = Record<string, unknown>>(
    service: string,
    operation: string,
    input: Readonly<Record<string, unknown>>,
    region?: string,
  ) => Promise<Result>;
  /** Asks IAM for the calls of AWS's own handler, for a type that makes no call here. Throws AccessDenied. */
  readonly requireAccess: (requests: readonly AccessRequest[]) => void;
  readonly stacks: NestedStacks;
};

/** Operations on nested stacks, which only the stack engine can do. */
type NestedStacks = {
  readonly adopt: (stackId: string) => void;
  /**
   * The change set of this nested stack that the running operation of its parent executes, with the values of its
   * parameters. Undefined if there is none.
   */
  readonly planned: (
    parameters: Readonly<Record<string, string>>,
  ) => { readonly changeSetId: string; readonly stackId: string } | undefined;
  readonly capabilities: readonly string[];
  readonly notificationArns: readonly string[];
  readonly disableRollback: boolean;
};

export type Provisioned = {
  /** The result of `Ref`. */
  readonly physicalId: string;
  readonly attributes: JsonObject;
};

export type ResourceType = {
  readonly type: string;
  readonly create: (properties: JsonObject, context: ResourceContext) => Promise<Provisioned>;
  /** Absent: every change replaces the resource. */
  readonly update?: (
    physicalId: string,
    properties: JsonObject,
    previous: JsonObject,
    context: ResourceContext,
  ) => Promise<Provisioned>;
  readonly delete: (physicalId: string, properties: JsonObject, context: ResourceContext) => Promise<void>;
  /** Properties whose effect differs from the schema: `Always` replaces the resource, `Never` does not. */
  readonly recreation?: Readonly<Record<string, "Always" | "Never">>;
  /** True when an update must visit the resource even if its properties did not change (nested stacks). */
  readonly alwaysUpdated?: boolean;
  /** The IAM actions of its operations. */
  readonly permissions: readonly string[];
};

/** Returns a property as text, or undefined when it is absent. */
export const textOf = (properties: JsonObject, name: string): string | undefined => {
  const value: Json | undefined = properties[name];
  return value === undefined || value === null ? undefined : String(value);
};

/** Drops undefined members, because SDK inputs do not accept them. */
export const present = (input: Readonly<Record<string, unknown>>): Record<string, unknown> =>
  Object.fromEntries(Object.entries(input).filter(([, value]) => value !== undefined && value !== null));

/** What a resource type with behaviour is: how the other services of the cloud make, change and remove one. */
import type { Json, JsonObject } from "#cloud/cloudformation/json.ts";
import type { NameRule } from "#cloud/cloudformation/physical-name.ts";
import type { Clock } from "#cloud/kernel/clock.ts";
import type { Cloud } from "#cloud/kernel/cloud-type.ts";

export type Tag = { readonly Key: string; readonly Value: string };

/** The world of one resource operation; every call is made as the stack's role. */
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
  /** A name in CloudFormation's style; the same for every try of one creation. */
  readonly name: (rule: NameRule) => string;
  /** Names this operation on this resource; a retry bears the same. */
  readonly token: string;
  /** True when an earlier try of this creation was interrupted: what is found under its name is its own. */
  readonly resumed: boolean;
  readonly call: <Result = Record<string, unknown>>(
    service: string,
    operation: string,
    input: Readonly<Record<string, unknown>>,
    region?: string,
  ) => Promise<Result>;
  readonly stacks: NestedStacks;
};

/** What only the stack engine itself can do for a nested stack. */
type NestedStacks = {
  readonly adopt: (stackId: string) => void;
  readonly capabilities: readonly string[];
  readonly notificationArns: readonly string[];
  readonly disableRollback: boolean;
};

export type Provisioned = {
  /** What `Ref` gives. */
  readonly physicalId: string;
  readonly attributes: JsonObject;
};

export type ResourceType = {
  readonly type: string;
  readonly create: (properties: JsonObject, context: ResourceContext) => Promise<Provisioned>;
  /** Absent: every change replaces. */
  readonly update?: (
    physicalId: string,
    properties: JsonObject,
    previous: JsonObject,
    context: ResourceContext,
  ) => Promise<Provisioned>;
  readonly delete: (physicalId: string, properties: JsonObject, context: ResourceContext) => Promise<void>;
  /** Properties whose change replaces although the schema does not say so, or the other way round. */
  readonly recreation?: Readonly<Record<string, "Always" | "Never">>;
  /** Resources that updates must visit even if their properties did not change (nested stacks). */
  readonly alwaysUpdated?: boolean;
  /** The IAM actions its operations use. */
  readonly permissions: readonly string[];
};

/** A property as text; `undefined` when absent. */
export const textOf = (properties: JsonObject, name: string): string | undefined => {
  const value: Json | undefined = properties[name];
  return value === undefined || value === null ? undefined : String(value);
};

/** Drops members that are not there, as SDK inputs want it. */
export const present = (input: Readonly<Record<string, unknown>>): Record<string, unknown> =>
  Object.fromEntries(Object.entries(input).filter(([, value]) => value !== undefined && value !== null));

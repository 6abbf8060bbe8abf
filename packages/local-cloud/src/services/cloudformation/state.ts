/** Defines CloudFormation's stored state: stacks, resources, events, change sets, templates and exports. */

import type { ResourceStatus, StackStatus } from "@aws-sdk/client-cloudformation";
import type { JsonObject } from "#cloud/cloudformation/json.ts";
import type { ParameterValue } from "#cloud/cloudformation/parameters.ts";
import type { Clock } from "#cloud/kernel/clock.ts";
import type { Cloud } from "#cloud/kernel/cloud-type.ts";
import type { Principal } from "#cloud/kernel/principal.ts";
import type { OpenTable, Table } from "#cloud/kernel/store.ts";
import type { Tag } from "#cloud/resource-types/resource-type.ts";

/** A template with its parameter values and tags: the state of a stack, or the goal of its update. */
export type Definition = {
  /** Key into `templates`. */
  readonly template: string;
  readonly description?: string;
  readonly parameters: readonly ParameterValue[];
  readonly tags: readonly Tag[];
  readonly capabilities: readonly string[];
  readonly notificationArns: readonly string[];
};

export type TemplateRow = {
  readonly original: string;
  /** The template after its transforms, as JSON text. */
  readonly processed: string;
  readonly transforms: readonly string[];
};

type OperationKind = "create" | "update" | "delete" | "rollback-update" | "rollback-create";

/** The running operation of a stack. After a restart the cloud resumes it from this row. */
export type OperationRow = {
  readonly id: string;
  readonly kind: OperationKind;
  readonly token?: string;
  readonly principal: Principal;
  readonly roleArn?: string;
  /** The goal of an update. */
  readonly definition?: Definition;
  /** The phase of an update after its changes: clean-up, or rollback and the clean-up after it. */
  readonly phase?: "cleanup" | "rollback" | "rollback-cleanup";
  readonly skip?: readonly string[];
  readonly retain?: readonly string[];
  readonly changeSetId?: string;
  /** The stack policy that replaces the stack's own for this update. */
  readonly policyDuringUpdate?: string;
  readonly retainExceptOnCreate?: boolean;
  readonly disableRollback?: boolean;
  readonly cancelled?: boolean;
};

export type OutputRow = {
  readonly key: string;
  readonly value: string;
  readonly description?: string;
  readonly exportName?: string;
};

export type OnFailure = "ROLLBACK" | "DELETE" | "DO_NOTHING";

export type StackRow = {
  readonly stackId: string;
  readonly name: string;
  readonly status: StackStatus;
  readonly statusReason?: string;
  readonly created: Date;
  readonly updated?: Date;
  readonly deleted?: Date;
  readonly definition: Definition;
  readonly outputs: readonly OutputRow[];
  readonly onFailure: OnFailure;
  readonly terminationProtection: boolean;
  readonly timeoutInMinutes?: number;
  readonly roleArn?: string;
  readonly parentId?: string;
  readonly rootId?: string;
  readonly changeSetId?: string;
  readonly policy?: string;
  readonly retainExceptOnCreate: boolean;
  readonly operation?: OperationRow;
  readonly eventCount: number;
  /** The operations by client request token. A repeated request is answered but not run again. */
  readonly tokens: Readonly<Record<string, string>>;
};

/** A resource's state before the running update. */
export type ResourceBefore = Omit<ResourceRow, "before" | "status" | "reason" | "time">;

export type ResourceRow = {
  readonly logicalId: string;
  readonly type: string;
  readonly physicalId?: string;
  readonly status: ResourceStatus;
  readonly reason?: string;
  readonly time: Date;
  /** The resolved properties. Dynamic references stay as written, so that no secret is stored. */
  readonly properties: JsonObject;
  /** The properties with the values of NoEcho parameters masked, where they use any. */
  readonly shown?: JsonObject | undefined;
  readonly attributes: JsonObject;
  readonly dependsOn: readonly string[];
  readonly deletionPolicy: string;
  readonly updateReplacePolicy: string;
  readonly metadata?: string;
  /** Hexadecimal digits, from which the resource's generated name is made. */
  readonly random: string;
  readonly recorded: boolean;
  /** The last operation that changed the resource. */
  readonly operationId?: string;
  /** Set while an update changes this resource; `null` when the update created it. */
  readonly before?: ResourceBefore | null;
  /** True when the resource is rolled back. `before` then holds the state that the update gave it. */
  readonly rolledBack?: boolean;
};

export type EventRow = {
  readonly eventId: string;
  readonly stackId: string;
  readonly stackName: string;
  readonly operationId?: string;
  readonly logicalId: string;
  readonly physicalId: string;
  readonly type: string;
  readonly time: Date;
  readonly status: ResourceStatus;
  readonly reason?: string;
  readonly properties?: string;
  readonly token?: string;
};

export type ChangeSetRow = {
  readonly changeSetId: string;
  readonly name: string;
  readonly stackId: string;
  readonly stackName: string;
  readonly type: "CREATE" | "UPDATE";
  readonly description?: string;
  readonly created: Date;
  readonly definition: Definition;
  readonly status: "CREATE_PENDING" | "CREATE_IN_PROGRESS" | "CREATE_COMPLETE" | "FAILED" | "DELETE_FAILED";
  readonly executionStatus:
    | "UNAVAILABLE"
    | "AVAILABLE"
    | "EXECUTE_IN_PROGRESS"
    | "EXECUTE_COMPLETE"
    | "EXECUTE_FAILED"
    | "OBSOLETE";
  readonly statusReason?: string;
  /** The `Change` documents of DescribeChangeSet as JSON text. */
  readonly changes: string;
  readonly roleArn?: string;
  readonly onStackFailure?: OnFailure;
  readonly includeNestedStacks: boolean;
  readonly token?: string;
  /** The caller, whose rights count when the change set has no role. */
  readonly principal?: Principal;
  /** Set for the change set of a nested stack. `logicalId` is the stack's id in its parent's template. */
  readonly nestedIn?: { readonly parentId: string; readonly rootId: string; readonly logicalId: string };
};

type ExportRow = {
  readonly name: string;
  readonly value: string;
  readonly stackId: string;
  /** The ids of the stacks that import the value. */
  readonly importers: readonly string[];
};

export type State = {
  readonly stacks: Table<StackRow>;
  /** Stack ids by current name. */
  readonly names: Table<string>;
  readonly resources: Table<Readonly<Record<string, ResourceRow>>>;
  readonly events: Table<EventRow>;
  readonly templates: Table<TemplateRow>;
  readonly changeSets: Table<ChangeSetRow>;
  readonly exports: Table<ExportRow>;
};

export const openState = (table: OpenTable): State => ({
  stacks: table<StackRow>("stacks"),
  names: table<string>("names"),
  resources: table<Readonly<Record<string, ResourceRow>>>("resources"),
  events: table<EventRow>("events"),
  templates: table<TemplateRow>("templates"),
  changeSets: table<ChangeSetRow>("change-sets"),
  exports: table<ExportRow>("exports"),
});

/** A stack's account and region with their state, for work that continues after the call is answered. */
export type Location = {
  readonly cloud: Cloud;
  readonly clock: Clock;
  readonly account: string;
  readonly region: string;
  readonly state: State;
};

export type Sdk = typeof import("@aws-sdk/client-cloudformation");

/** What the service remembers: stacks, their resources and events, change sets, templates and exports. */

import type { ResourceStatus, StackStatus } from "@aws-sdk/client-cloudformation";
import type { JsonObject } from "#cloud/cloudformation/json.ts";
import type { ParameterValue } from "#cloud/cloudformation/parameters.ts";
import type { Clock } from "#cloud/kernel/clock.ts";
import type { Cloud } from "#cloud/kernel/cloud-type.ts";
import type { Principal } from "#cloud/kernel/principal.ts";
import type { OpenTable, Table } from "#cloud/kernel/store.ts";
import type { Tag } from "#cloud/resource-types/resource-type.ts";

/** A template with the values it is used with: what a stack is, or is becoming. */
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

export type OperationKind = "create" | "update" | "delete" | "rollback-update" | "rollback-create";

/** The operation a stack is in the middle of; it is resumed from here after a restart. */
export type OperationRow = {
  readonly id: string;
  readonly kind: OperationKind;
  readonly token?: string;
  readonly principal: Principal;
  readonly roleArn?: string;
  /** What an update leads to. */
  readonly definition?: Definition;
  /** An update's work is done and only clean-up is left; or its way back has begun. */
  readonly phase?: "cleanup" | "rollback" | "rollback-cleanup";
  readonly skip?: readonly string[];
  readonly retain?: readonly string[];
  readonly changeSetId?: string;
  /** A stack policy for this update alone. */
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
  /** The tokens of past operations: a repeated request is answered, not done again. */
  readonly tokens: Readonly<Record<string, string>>;
};

/** A resource as it stood before the running update. */
export type ResourceBefore = Omit<ResourceRow, "before" | "status" | "reason" | "time">;

export type ResourceRow = {
  readonly logicalId: string;
  readonly type: string;
  readonly physicalId?: string;
  readonly status: ResourceStatus;
  readonly reason?: string;
  readonly time: Date;
  /** Worked out, with dynamic references left as written. */
  readonly properties: JsonObject;
  readonly attributes: JsonObject;
  readonly dependsOn: readonly string[];
  readonly deletionPolicy: string;
  readonly updateReplacePolicy: string;
  readonly metadata?: string;
  /** Hexadecimal; its generated name comes from these. */
  readonly random: string;
  readonly recorded: boolean;
  /** The operation that last worked on it. */
  readonly operationId?: string;
  /** Set while an update changed this resource; `null`: the update created it. */
  readonly before?: ResourceBefore | null;
  /** The update's way back has been gone for this resource: `before` is now what it leaves behind. */
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
  /** `Change` documents as DescribeChangeSet answers them, as JSON text. */
  readonly changes: string;
  readonly roleArn?: string;
  readonly onStackFailure?: OnFailure;
  readonly includeNestedStacks: boolean;
  readonly token?: string;
};

export type ExportRow = {
  readonly name: string;
  readonly value: string;
  readonly stackId: string;
  /** Stacks that import it. */
  readonly importers: readonly string[];
};

export type State = {
  readonly stacks: Table<StackRow>;
  /** The stack that has a name now. */
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

/** Where a stack lives, for work that goes on after the call that asked for it. */
export type Location = {
  readonly cloud: Cloud;
  readonly clock: Clock;
  readonly account: string;
  readonly region: string;
  readonly state: State;
};

export type Sdk = typeof import("@aws-sdk/client-cloudformation");

/** Writes down what happens to stacks and resources: the rows, the stack's events, EventBridge, SNS. */
import { randomUUID } from "node:crypto";
import type { ResourceStatus, StackStatus } from "@aws-sdk/client-cloudformation";
import { notify } from "./notify.ts";
import type { EventRow, Place, ResourceRow, StackRow } from "./state.ts";

/** A stack's row with some members changed; `undefined` removes a member. */
export type StackChange = { readonly [Key in keyof StackRow]?: StackRow[Key] | undefined };

export function changeStack(place: Place, stackId: string, change: StackChange): StackRow {
  const row = place.state.stacks.get(stackId);
  const next = Object.fromEntries(
    Object.entries({ ...row, ...change }).filter(([, value]) => value !== undefined),
  ) as unknown as StackRow;
  return place.state.stacks.set(stackId, next);
}

type Happening = Pick<EventRow, "logicalId" | "physicalId" | "type" | "status"> & {
  readonly reason?: string | undefined;
  readonly properties?: string | undefined;
};

function addEvent(place: Place, stackId: string, happening: Happening): EventRow | undefined {
  const stack = place.state.stacks.get(stackId);
  if (!stack) return undefined;
  const { reason, properties, ...rest } = happening;
  const isStack = happening.physicalId === stackId;
  const event: EventRow = {
    ...rest,
    eventId: isStack
      ? randomUUID()
      : `${happening.logicalId}-${happening.status}-${place.clock.now().toISOString()}`,
    stackId,
    stackName: stack.name,
    time: place.clock.now(),
    ...(reason === undefined ? {} : { reason }),
    ...(properties === undefined ? {} : { properties }),
    ...(stack.operation && { operationId: stack.operation.id }),
    ...(stack.operation?.token === undefined ? {} : { token: stack.operation.token }),
  };
  place.state.events.set(`${stackId}|${stack.eventCount}`, event);
  changeStack(place, stackId, { eventCount: stack.eventCount + 1 });
  notify(place, stack, event);
  return event;
}

const legacyArn = (stackId: string): string => stackId.slice(0, stackId.lastIndexOf("/"));

export function setStackStatus(place: Place, stackId: string, status: StackStatus, reason?: string): void {
  const stack = changeStack(place, stackId, { status, statusReason: reason });
  const event = addEvent(place, stackId, {
    logicalId: stack.name,
    physicalId: stackId,
    type: "AWS::CloudFormation::Stack",
    status: status as ResourceStatus,
    reason,
  });
  place.cloud.emit({
    source: "aws.cloudformation",
    detailType: "CloudFormation Stack Status Change",
    resources: [legacyArn(stackId)],
    account: place.account,
    region: place.region,
    detail: {
      "stack-id": stackId,
      "status-details": { status, "status-reason": reason ?? "" },
      "client-request-token": event?.token ?? "",
    },
  });
}

/** Stores a resource's row; `announce` adds the event that goes with it. */
export function setResource(place: Place, stackId: string, row: ResourceRow, announce = true): ResourceRow {
  const timed = { ...row, time: place.clock.now() };
  place.state.resources.set(stackId, { ...place.state.resources.get(stackId), [row.logicalId]: timed });
  if (!announce) return timed;
  const event = addEvent(place, stackId, {
    logicalId: row.logicalId,
    physicalId: row.physicalId ?? "",
    type: row.type,
    status: row.status,
    reason: row.reason,
    properties: JSON.stringify(row.properties),
  });
  place.cloud.emit({
    source: "aws.cloudformation",
    detailType: "CloudFormation Resource Status Change",
    resources: [legacyArn(stackId)],
    account: place.account,
    region: place.region,
    detail: {
      "stack-id": stackId,
      "logical-resource-id": row.logicalId,
      "physical-resource-id": row.physicalId ?? "",
      "status-details": { status: row.status, "status-reason": row.reason ?? "" },
      "resource-type": row.type,
      "client-request-token": event?.token ?? "",
    },
  });
  return timed;
}

/** An event without a change of the row, e.g. the deletion of a replaced resource. */
export function announceOther(place: Place, stackId: string, happening: Happening): void {
  addEvent(place, stackId, happening);
}

export function dropResource(place: Place, stackId: string, logicalId: string): void {
  const { [logicalId]: _gone, ...rest } = place.state.resources.get(stackId) ?? {};
  place.state.resources.set(stackId, rest);
}

/** An update is over for this resource: what it was before no longer matters. */
export function forgetBefore(place: Place, stackId: string, logicalId: string): void {
  const rows = place.state.resources.get(stackId) ?? {};
  const row = rows[logicalId];
  if (!row || row.before === undefined) return;
  const { before: _before, rolledBack: _back, ...rest } = row;
  place.state.resources.set(stackId, { ...rows, [logicalId]: rest });
}

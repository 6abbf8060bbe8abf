/** Records a change of a stack or resource: stores the row, adds the event, informs EventBridge and SNS. */
import { randomUUID } from "node:crypto";
import type { ResourceStatus, StackStatus } from "@aws-sdk/client-cloudformation";
import { notify } from "./notify.ts";
import type { EventRow, Location, ResourceRow, StackRow } from "./state.ts";

/** The members of a stack's row to change; `undefined` removes a member. */
type StackChange = { readonly [Key in keyof StackRow]?: StackRow[Key] | undefined };

export function changeStack(location: Location, stackId: string, change: StackChange): StackRow {
  const row = location.state.stacks.get(stackId);
  const next = Object.fromEntries(
    Object.entries({ ...row, ...change }).filter(([, value]) => value !== undefined),
  ) as unknown as StackRow;
  return location.state.stacks.set(stackId, next);
}

type StackEvent = Pick<EventRow, "logicalId" | "physicalId" | "type" | "status"> & {
  readonly reason?: string | undefined;
  readonly properties?: string | undefined;
};

function addEvent(location: Location, stackId: string, stackEvent: StackEvent): EventRow | undefined {
  const stack = location.state.stacks.get(stackId);
  if (!stack) return undefined;
  const { reason, properties, ...rest } = stackEvent;
  const isStack = stackEvent.physicalId === stackId;
  const event: EventRow = {
    ...rest,
    eventId: isStack
      ? randomUUID()
      : `${stackEvent.logicalId}-${stackEvent.status}-${location.clock.now().toISOString()}`,
    stackId,
    stackName: stack.name,
    time: location.clock.now(),
    ...(reason === undefined ? {} : { reason }),
    ...(properties === undefined ? {} : { properties }),
    ...(stack.operation && { operationId: stack.operation.id }),
    ...(stack.operation?.token === undefined ? {} : { token: stack.operation.token }),
  };
  location.state.events.set(`${stackId}|${stack.eventCount}`, event);
  changeStack(location, stackId, { eventCount: stack.eventCount + 1 });
  notify(location, stack, event);
  return event;
}

const legacyArn = (stackId: string): string => stackId.slice(0, stackId.lastIndexOf("/"));

export function setStackStatus(
  location: Location,
  stackId: string,
  status: StackStatus,
  reason?: string,
): void {
  const stack = changeStack(location, stackId, { status, statusReason: reason });
  const event = addEvent(location, stackId, {
    logicalId: stack.name,
    physicalId: stackId,
    type: "AWS::CloudFormation::Stack",
    status: status as ResourceStatus,
    reason,
  });
  location.cloud.emit({
    source: "aws.cloudformation",
    detailType: "CloudFormation Stack Status Change",
    resources: [legacyArn(stackId)],
    account: location.account,
    region: location.region,
    detail: {
      "stack-id": stackId,
      "status-details": { status, "status-reason": reason ?? "" },
      "client-request-token": event?.token ?? "",
    },
  });
}

/** Stores a resource's row; with `announce`, also adds its stack event. */
export function setResource(
  location: Location,
  stackId: string,
  row: ResourceRow,
  announce = true,
): ResourceRow {
  const timed = { ...row, time: location.clock.now() };
  location.state.resources.set(stackId, { ...location.state.resources.get(stackId), [row.logicalId]: timed });
  if (!announce) return timed;
  const event = addEvent(location, stackId, {
    logicalId: row.logicalId,
    physicalId: row.physicalId ?? "",
    type: row.type,
    status: row.status,
    reason: row.reason,
    properties: JSON.stringify(row.shown ?? row.properties),
  });
  location.cloud.emit({
    source: "aws.cloudformation",
    detailType: "CloudFormation Resource Status Change",
    resources: [legacyArn(stackId)],
    account: location.account,
    region: location.region,
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

/** Adds an event without changing the row, e.g. for the deletion of a replaced resource. */
export function addOtherEvent(location: Location, stackId: string, stackEvent: StackEvent): void {
  addEvent(location, stackId, stackEvent);
}

export function dropResource(location: Location, stackId: string, logicalId: string): void {
  const { [logicalId]: _gone, ...rest } = location.state.resources.get(stackId) ?? {};
  location.state.resources.set(stackId, rest);
}

/** Removes the state before the update, once the update is over for this resource. */
export function clearBefore(location: Location, stackId: string, logicalId: string): void {
  const rows = location.state.resources.get(stackId) ?? {};
  const row = rows[logicalId];
  if (!row || row.before === undefined) return;
  const { before: _before, rolledBack: _back, ...rest } = row;
  location.state.resources.set(stackId, { ...rows, [logicalId]: rest });
}

/**
 * Implements DescribeStackEvents: newest first (CloudFormation API Reference, DescribeStackEvents), 100 events
 * on a page.
 */
import type { StackEvent } from "@aws-sdk/client-cloudformation";
import type { OperationOf } from "#cloud/kernel/service.ts";
import { stackAccess } from "./access.ts";
import { missingStack, stackOf } from "./find-stack.ts";
import { page } from "./paging.ts";
import type { EventRow, Sdk, StackRow, State } from "./state.ts";

const eventDocument = (event: EventRow): StackEvent => ({
  StackId: event.stackId,
  EventId: event.eventId,
  StackName: event.stackName,
  ...(event.operationId === undefined ? {} : { OperationId: event.operationId }),
  LogicalResourceId: event.logicalId,
  PhysicalResourceId: event.physicalId,
  ResourceType: event.type,
  Timestamp: event.time,
  ResourceStatus: event.status,
  ...(event.reason === undefined ? {} : { ResourceStatusReason: event.reason }),
  ...(event.properties === undefined ? {} : { ResourceProperties: event.properties }),
  ...(event.token === undefined ? {} : { ClientRequestToken: event.token }),
});

/** Returns a stack's events, newest first. */
const eventsOf = (state: State, stack: StackRow): readonly EventRow[] =>
  Array.from({ length: stack.eventCount }, (_, index) =>
    state.events.get(`${stack.stackId}|${stack.eventCount - 1 - index}`),
  ).filter((event) => event !== undefined);

export const describeStackEvents: OperationOf<Sdk, State, "DescribeStackEvents"> = {
  access: (input, call) => stackAccess("DescribeStackEvents", input.StackName, call),
  run: (input, call) => {
    const stack = stackOf(call, input.StackName ?? "", missingStack.bracketed);
    const { items, next } = page(eventsOf(call.state, stack), input.NextToken, 100);
    return { StackEvents: items.map(eventDocument), ...(next === undefined ? {} : { NextToken: next }) };
  },
};

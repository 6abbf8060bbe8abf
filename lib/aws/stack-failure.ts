/** Finds why a stack's last operation failed: its first failure, also in nested stacks. */
import {
  type CloudFormationClient,
  paginateDescribeStackEvents,
  type StackEvent,
} from "@aws-sdk/client-cloudformation";
import type { StackFailure } from "#release/stack/stack-failure.ts";

type LastOperation = { readonly token?: string; readonly failure?: StackFailure };

const deepest = 5;
const mostPages = 20;
const begins = ["CREATE_IN_PROGRESS", "UPDATE_IN_PROGRESS", "DELETE_IN_PROGRESS", "REVIEW_IN_PROGRESS"];

export async function lastOperation(
  cloudformation: CloudFormationClient,
  stack: string,
): Promise<LastOperation> {
  const events = await operationEvents(cloudformation, stack);
  const token = events[0]?.ClientRequestToken;
  const failure = await cause(cloudformation, events, deepest);
  return { ...(token !== undefined && { token }), ...(failure !== undefined && { failure }) };
}

/** The events, newest first, back to the start of the operation. */
async function operationEvents(
  cloudformation: CloudFormationClient,
  StackName: string,
): Promise<readonly StackEvent[]> {
  const events: StackEvent[] = [];
  let pages = 0;
  for await (const page of paginateDescribeStackEvents({ client: cloudformation }, { StackName })) {
    for (const event of page.StackEvents ?? []) {
      events.push(event);
      if (isOfStack(event) && begins.includes(event.ResourceStatus ?? "")) return events;
    }
    pages += 1;
    if (pages === mostPages) break;
  }
  return events;
}

const isOfStack = ({ PhysicalResourceId, StackId }: StackEvent): boolean => PhysicalResourceId === StackId;

/** The earliest failure. Later events are often only cancelled because of it. */
async function cause(
  cloudformation: CloudFormationClient,
  events: readonly StackEvent[],
  depth: number,
): Promise<StackFailure | undefined> {
  const failed = events.filter(
    ({ ResourceStatus, ResourceStatusReason }) =>
      ResourceStatus?.endsWith("_FAILED") && !/cancelled/i.test(ResourceStatusReason ?? ""),
  );
  const event = failed.filter((each) => !isOfStack(each)).at(-1) ?? failed.at(-1);
  if (event === undefined) return undefined;
  const { LogicalResourceId, ResourceType, ResourceStatus, ResourceStatusReason, PhysicalResourceId } = event;
  const nested = ResourceType === "AWS::CloudFormation::Stack" && !isOfStack(event);
  if (nested && PhysicalResourceId && depth > 0) {
    const inner = await cause(
      cloudformation,
      await operationEvents(cloudformation, PhysicalResourceId),
      depth - 1,
    );
    if (inner !== undefined) return { ...inner, where: `${LogicalResourceId} > ${inner.where}` };
  }
  return {
    where: `${LogicalResourceId} (${ResourceType}) ${ResourceStatus}`,
    words: ResourceStatusReason ?? "no reason given",
    properties: propertyNames(event),
    stack: event.StackId ?? "",
  };
}

/** CloudFormation cuts long properties, so the text may be no JSON. */
function propertyNames({ ResourceProperties = "" }: StackEvent): readonly string[] {
  try {
    return Object.keys(Object(JSON.parse(ResourceProperties)));
  } catch {
    return [];
  }
}

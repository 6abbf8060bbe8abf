/** Publishes each stack event to the stack's SNS topics, in the lines that AWS sends. */
import type { EventRow, Location, StackRow } from "./state.ts";

export function notify(location: Location, stack: StackRow, event: EventRow): void {
  const topics = (stack.operation?.definition ?? stack.definition).notificationArns;
  const principal = stack.operation?.principal;
  if (topics.length === 0 || principal === undefined) return;
  const lines: readonly (readonly [string, string])[] = [
    ["StackId", event.stackId],
    ["Timestamp", event.time.toISOString()],
    ["EventId", event.eventId],
    ["LogicalResourceId", event.logicalId],
    ["Namespace", location.account],
    ["PhysicalResourceId", event.physicalId],
    ["PrincipalId", location.account],
    ["ResourceProperties", event.properties ?? "null"],
    ["ResourceStatus", event.status],
    ["ResourceStatusReason", event.reason ?? ""],
    ["ResourceType", event.type],
    ["StackName", event.stackName],
    ["ClientRequestToken", event.token ?? "null"],
  ];
  const Message = `${lines.map(([name, value]) => `${name}='${value}'`).join("\n")}\n`;
  for (const TopicArn of topics) {
    location.cloud.spawn(`notify ${TopicArn}`, async () => {
      await location.cloud.invoke({
        service: "sns",
        operation: "Publish",
        input: { TopicArn, Subject: "AWS CloudFormation Notification", Message },
        principal,
        account: TopicArn.split(":")[4] ?? location.account,
        region: TopicArn.split(":")[3] ?? location.region,
      });
    });
  }
}

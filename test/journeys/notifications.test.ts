/** Tests the events and the announcements of an anchor, as its subscribers get them. */
import { EventBridgeClient, PutRuleCommand, PutTargetsCommand } from "@aws-sdk/client-eventbridge";
import { PublishCommand, SNSClient } from "@aws-sdk/client-sns";
import { expect, test } from "vitest";
import { eventBus, eventSource, topic } from "#release/names/deployed-names.ts";
import { topicTemplate, zipOf } from "#test/support/artifact.ts";
import { bankLine, estate } from "#test/support/estate.ts";
import { announcements, inbox } from "#test/support/inbox.ts";

test("an anchor publishes an event for each end and each approval, and announces approvals and refusals", async () => {
  const bank = estate();
  const line = bankLine("journey-notified");
  const { account } = line;
  const events = await inbox(bank, account, "journey-events");
  const announced = await announcements(bank, account, "journey-announced");
  const rules = bank.clients(EventBridgeClient, account);
  const pattern = { source: [eventSource], detail: { line: { app: [line.app] } } };
  await rules.send(
    new PutRuleCommand({
      Name: "journey",
      EventBusName: eventBus,
      EventPattern: JSON.stringify(pattern),
    }),
  );
  const target = { Id: "queue", Arn: events.arn };
  await rules.send(new PutTargetsCommand({ Rule: "journey", EventBusName: eventBus, Targets: [target] }));
  const TopicArn = `arn:aws:sns:${bank.region}:${account}:${topic}`;
  const sns = bank.clients(SNSClient, account);
  // Not even the account's administrator announces anything in Kedge's name.
  await expect(sns.send(new PublishCommand({ TopicArn, Message: "x" }))).rejects.toThrow(/not authorized/i);

  const version = await bank.upload(line, await zipOf({ "template.json": topicTemplate("Notified") }));
  await bank.result(line, version, "waiting-for-approval");
  const waiting = await events.next();
  expect(waiting).toMatchObject({
    source: eventSource,
    "detail-type": "approval.waiting",
    detail: { version, stage: "prod", clearances: [{ environment: "prod" }] },
  });
  expect(await announced.next()).toMatchObject({ approval: { stageName: "prod", actionName: "Approve" } });
  await bank.decide(line, "Rejected", "not on a friday");
  await bank.result(line, version, "failed");
  expect(await events.next()).toMatchObject({ "detail-type": "approval.refused", detail: { version } });
});

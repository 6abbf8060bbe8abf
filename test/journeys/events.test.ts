/**
 * Tests repeated and late events: the newest version of a line decides its state, and each version starts
 * once.
 */
import {
  GetQueueAttributesCommand,
  GetQueueUrlCommand,
  SendMessageCommand,
  SQSClient,
} from "@aws-sdk/client-sqs";
import { expect, test } from "vitest";
import { lineQueues } from "#release/names/deployed-names.ts";
import { formatKey, type Line } from "#release/names/key.ts";
import { topicTemplate, zipOf } from "#test/support/artifact.ts";
import { estate, shopLine, type TestEstate, until, versionOf } from "#test/support/estate.ts";

/** Sends S3's event for a new object to the intake queue, in EventBridge's form. */
async function announce(shop: TestEstate, line: Line, version: string, times = 1): Promise<void> {
  const sqs = shop.clients(SQSClient, "101010101010");
  const { QueueUrl } = await sqs.send(new GetQueueUrlCommand({ QueueName: "kedge-intake" }));
  const event = {
    version: "0",
    id: "17793124-05d4-b198-2fde-7ededc63b103",
    "detail-type": "Object Created",
    source: "aws.s3",
    account: "101010101010",
    time: "2026-01-01T00:00:00Z",
    region: shop.region,
    resources: [`arn:aws:s3:::${shop.bucket}`],
    detail: {
      version: "0",
      bucket: { name: shop.bucket },
      object: { key: formatKey(line), size: 1, etag: "0", "version-id": version, sequencer: "0" },
      reason: "PutObject",
    },
  };
  for (let time = 0; time < times; time += 1)
    await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: JSON.stringify(event) }));
}

/** Waits until the intake queue and the line queues have no message, visible or in flight. */
async function quiet(shop: TestEstate): Promise<void> {
  const pending = async (account: string, QueueName: string): Promise<number> => {
    const sqs = shop.clients(SQSClient, account);
    const { QueueUrl } = await sqs.send(new GetQueueUrlCommand({ QueueName }));
    const { Attributes } = await sqs.send(
      new GetQueueAttributesCommand({
        QueueUrl,
        AttributeNames: ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"],
      }),
    );
    return Object.values(Attributes ?? {}).reduce((sum, text) => sum + Number(text), 0);
  };
  await until("empty queues", async () => {
    const counts = await Promise.all([
      pending("101010101010", "kedge-intake"),
      ...Object.values(lineQueues).map((name) => pending("111111111111", name)),
    ]);
    return counts.every((count) => count === 0) ? true : undefined;
  });
}

test("repeated events start no second execution", async () => {
  const shop = estate();
  const line = shopLine("journey-duplicates", "feature/again");
  const version = await shop.upload(line, await zipOf({ "template.json": topicTemplate("Once") }));
  await announce(shop, line, version, 2);
  const result = await shop.result(line, version, "released");
  await announce(shop, line, version, 2);
  await quiet(shop);
  expect((await shop.executions(line)).map(versionOf)).toEqual([version]);
  expect(await shop.result(line, version)).toEqual(result);
});

test("an old event that comes after a new one is ignored", async () => {
  const shop = estate();
  const line = shopLine("journey-reordered", "feature/late");
  const first = await shop.upload(line, await zipOf({ "template.json": topicTemplate("First") }));
  await shop.result(line, first, "released");
  const second = await shop.upload(line, await zipOf({ "template.json": topicTemplate("Second") }));
  const result = await shop.result(line, second, "released");
  await announce(shop, line, first);
  await quiet(shop);
  expect((await shop.executions(line)).map(versionOf)).toEqual([second, first]);
  expect(await shop.result(line, second)).toEqual(result);
  expect((await shop.result(line, first)).status).toBe("released");
});

test("the last of several uploads in quick succession is released, and none is started twice", async () => {
  const shop = estate();
  const line = shopLine("journey-burst", "feature/burst");
  const versions: string[] = [];
  for (const name of ["One", "Two", "Three", "Four"])
    versions.push(await shop.upload(line, await zipOf({ "template.json": topicTemplate(name) })));
  const last = versions.at(-1) ?? "";
  await shop.result(line, last, "released");
  const started = (await shop.executions(line)).map(versionOf);
  expect(started[0]).toBe(last);
  expect(new Set(started).size).toBe(started.length);
  for (const version of versions.slice(0, -1)) {
    const result = await shop.result(line, version);
    expect(result.status, JSON.stringify(result, null, 1)).toMatch(/superseded|released/);
  }
});

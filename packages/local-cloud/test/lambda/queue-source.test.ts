import {
  CreateEventSourceMappingCommand,
  GetEventSourceMappingCommand,
  UpdateEventSourceMappingCommand,
} from "@aws-sdk/client-lambda";
import {
  CreateQueueCommand,
  GetQueueAttributesCommand,
  ReceiveMessageCommand,
  SendMessageBatchCommand,
  SendMessageCommand,
  SQSClient,
} from "@aws-sdk/client-sqs";
import { describe, expect, it } from "vitest";
import { ACCOUNT, lambdaCloud } from "./functions.ts";

const start = async (handler: string, mapping: object = {}, fifo = false) => {
  const world = await lambdaCloud();
  const sqs = world.cloud.client(SQSClient, ACCOUNT);
  const queue = async (name: string) =>
    (
      await sqs.send(
        new CreateQueueCommand({
          QueueName: name + (fifo ? ".fifo" : ""),
          Attributes: { ...(fifo && { FifoQueue: "true", ContentBasedDeduplication: "true" }) },
        }),
      )
    ).QueueUrl ?? "";
  const [work, seen] = [await queue("work"), await queue("seen")];
  await world.create("worker", {
    "index.mjs": `import { SendMessageCommand, SQSClient } from "@aws-sdk/client-sqs";
      const tell = (text) => new SQSClient().send(new SendMessageCommand({
        QueueUrl: ${JSON.stringify(seen)}, MessageBody: text ${fifo ? ", MessageGroupId: crypto.randomUUID(), MessageDeduplicationId: crypto.randomUUID()" : ""} }));
      export const handler = async (event) => { ${handler} };`,
  });
  const made = await world.lambda.send(
    new CreateEventSourceMappingCommand({
      FunctionName: "worker",
      EventSourceArn: `arn:aws:sqs:us-east-1:${ACCOUNT}:work${fifo ? ".fifo" : ""}`,
      ...mapping,
    }),
  );
  const next = async () => {
    const { Messages = [] } = await sqs.send(
      new ReceiveMessageCommand({ QueueUrl: seen, WaitTimeSeconds: 20, VisibilityTimeout: 43_200 }),
    );
    return Messages[0]?.Body;
  };
  const left = async () => {
    await world.cloud.cloud().settled();
    const { Attributes = {} } = await sqs.send(
      new GetQueueAttributesCommand({ QueueUrl: work, AttributeNames: ["All"] }),
    );
    return (
      Number(Attributes["ApproximateNumberOfMessages"]) +
      Number(Attributes["ApproximateNumberOfMessagesNotVisible"])
    );
  };
  return { ...world, sqs, work, made, next, left };
};

describe("a queue as event source", () => {
  it("hands its messages to the function and deletes them when it is done", async () => {
    await using world = await start(`const [r] = event.Records;
      await tell(JSON.stringify({ body: r.body, source: r.eventSource, arn: r.eventSourceARN, kind: r.messageAttributes.kind.stringValue }));`);
    expect(world.made).toMatchObject({ State: "Creating", BatchSize: 10 });
    await world.sqs.send(
      new SendMessageCommand({
        QueueUrl: world.work,
        MessageBody: "hello",
        MessageAttributes: { kind: { DataType: "String", StringValue: "k" } },
      }),
    );
    expect(JSON.parse((await world.next()) ?? "")).toEqual({
      body: "hello",
      source: "aws:sqs",
      arn: `arn:aws:sqs:us-east-1:${ACCOUNT}:work`,
      kind: "k",
    });
    expect(await world.left()).toBe(0);
    await world.cloud.clock.push(1000);
    const { State, LastProcessingResult } = await world.lambda.send(
      new GetEventSourceMappingCommand({ UUID: world.made.UUID }),
    );
    expect({ State, LastProcessingResult }).toEqual({ State: "Enabled", LastProcessingResult: "OK" });
  });

  it("keeps the messages a partial failure names, and shows them again after the visibility timeout", async () => {
    await using world = await start(
      `for (const r of event.Records) await tell(r.body);
       return { batchItemFailures: event.Records.filter((r) => r.body === "bad").map((r) => ({ itemIdentifier: r.messageId })) };`,
      { FunctionResponseTypes: ["ReportBatchItemFailures"] },
    );
    await world.sqs.send(
      new SendMessageBatchCommand({
        QueueUrl: world.work,
        Entries: [
          { Id: "a", MessageBody: "good" },
          { Id: "b", MessageBody: "bad" },
        ],
      }),
    );
    expect([await world.next(), await world.next()].sort()).toEqual(["bad", "good"]);
    expect(await world.left()).toBe(1);
    await world.cloud.clock.push(30_000);
    expect(await world.next()).toBe("bad");
    expect(await world.left()).toBe(1);
  });

  it.each([
    ["throws", "await tell('called'); throw new Error('no');", 1],
    [
      "names an unknown message",
      "await tell('called'); return { batchItemFailures: [{ itemIdentifier: 'x' }] };",
      1,
    ],
    ["spells the key wrongly", "await tell('called'); return { batchItemFailures: [{ id: 'x' }] };", 1],
    ["names none", "await tell('called'); return { batchItemFailures: [] };", 0],
    ["returns nothing", "await tell('called');", 0],
  ])("when the handler %s", async (_what, handler, kept) => {
    await using world = await start(handler, { FunctionResponseTypes: ["ReportBatchItemFailures"] });
    await world.sqs.send(new SendMessageCommand({ QueueUrl: world.work, MessageBody: "x" }));
    expect(await world.next()).toBe("called");
    expect(await world.left()).toBe(kept);
  });

  it("keeps a group's order, also behind a failure", async () => {
    await using world = await start(
      `for (const r of event.Records) {
         await tell(r.body + (r.attributes.ApproximateReceiveCount > 1 ? " again" : ""));
         if (r.body === "1" && r.attributes.ApproximateReceiveCount === "1") throw new Error("first try");
       }`,
      { BatchSize: 1 },
      true,
    );
    for (const MessageBody of ["1", "2"])
      await world.sqs.send(
        new SendMessageCommand({ QueueUrl: world.work, MessageBody, MessageGroupId: "g" }),
      );
    expect(await world.next()).toBe("1");
    expect(await world.left()).toBe(2);
    await world.cloud.clock.push(30_000);
    expect([await world.next(), await world.next()]).toEqual(["1 again", "2"]);
  });

  it("drops what its filter does not want", async () => {
    await using world = await start("for (const r of event.Records) await tell(r.body);", {
      FilterCriteria: { Filters: [{ Pattern: JSON.stringify({ body: { kind: ["wanted"] } }) }] },
    });
    for (const kind of ["other", "wanted"])
      await world.sqs.send(
        new SendMessageCommand({ QueueUrl: world.work, MessageBody: JSON.stringify({ kind }) }),
      );
    expect(await world.next()).toBe('{"kind":"wanted"}');
    expect(await world.left()).toBe(0);
  });

  it("rests while it is disabled", async () => {
    await using world = await start("await tell('called');", { Enabled: false });
    await world.sqs.send(new SendMessageCommand({ QueueUrl: world.work, MessageBody: "x" }));
    expect(await world.left()).toBe(1);
    await world.lambda.send(new UpdateEventSourceMappingCommand({ UUID: world.made.UUID, Enabled: true }));
    expect(await world.next()).toBe("called");
  });

  it("is refused when the role may not receive, or the queue's visibility timeout is too short", async () => {
    await using world = await start("return;");
    const create = (name: string) =>
      world.lambda.send(
        new CreateEventSourceMappingCommand({
          FunctionName: name,
          EventSourceArn: `arn:aws:sqs:us-east-1:${ACCOUNT}:work`,
        }),
      );
    await world.create("poor", { "index.mjs": "" }, { Role: await world.role("poor") });
    await expect(create("poor")).rejects.toThrow("does not have permissions to call ReceiveMessage on SQS");
    await world.create("slow", { "index.mjs": "" }, { Timeout: 60 });
    await expect(create("slow")).rejects.toThrow(
      "Queue visibility timeout: 30 seconds is less than Function timeout: 60 seconds",
    );
    await expect(create("worker")).rejects.toMatchObject({ name: "ResourceConflictException" });
  });
});

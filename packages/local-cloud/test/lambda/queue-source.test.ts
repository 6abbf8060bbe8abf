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
  const setup = await lambdaCloud();
  const sqs = setup.cloud.client(SQSClient, ACCOUNT);
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
  await setup.create("worker", {
    "index.mjs": `import { SendMessageCommand, SQSClient } from "@aws-sdk/client-sqs";
      const tell = (text) => new SQSClient().send(new SendMessageCommand({
        QueueUrl: ${JSON.stringify(seen)}, MessageBody: text ${fifo ? ", MessageGroupId: crypto.randomUUID(), MessageDeduplicationId: crypto.randomUUID()" : ""} }));
      export const handler = async (event) => { ${handler} };`,
  });
  const made = await setup.lambda.send(
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
    await setup.cloud.cloud().settled();
    const { Attributes = {} } = await sqs.send(
      new GetQueueAttributesCommand({ QueueUrl: work, AttributeNames: ["All"] }),
    );
    return (
      Number(Attributes["ApproximateNumberOfMessages"]) +
      Number(Attributes["ApproximateNumberOfMessagesNotVisible"])
    );
  };
  return { ...setup, sqs, work, made, next, left };
};

describe("a queue as event source", () => {
  it("passes its messages to the function and deletes them after it succeeds", async () => {
    await using setup = await start(`const [r] = event.Records;
      await tell(JSON.stringify({ body: r.body, source: r.eventSource, arn: r.eventSourceARN, kind: r.messageAttributes.kind.stringValue }));`);
    expect(setup.made).toMatchObject({ State: "Creating", BatchSize: 10 });
    await setup.sqs.send(
      new SendMessageCommand({
        QueueUrl: setup.work,
        MessageBody: "hello",
        MessageAttributes: { kind: { DataType: "String", StringValue: "k" } },
      }),
    );
    expect(JSON.parse((await setup.next()) ?? "")).toEqual({
      body: "hello",
      source: "aws:sqs",
      arn: `arn:aws:sqs:us-east-1:${ACCOUNT}:work`,
      kind: "k",
    });
    expect(await setup.left()).toBe(0);
    await setup.cloud.clock.push(1000);
    const { State, LastProcessingResult } = await setup.lambda.send(
      new GetEventSourceMappingCommand({ UUID: setup.made.UUID }),
    );
    expect({ State, LastProcessingResult }).toEqual({ State: "Enabled", LastProcessingResult: "OK" });
  });

  it("keeps the messages of a partial failure, and shows them again after the visibility timeout", async () => {
    await using setup = await start(
      `for (const r of event.Records) await tell(r.body);
       return { batchItemFailures: event.Records.filter((r) => r.body === "bad").map((r) => ({ itemIdentifier: r.messageId })) };`,
      { FunctionResponseTypes: ["ReportBatchItemFailures"] },
    );
    await setup.sqs.send(
      new SendMessageBatchCommand({
        QueueUrl: setup.work,
        Entries: [
          { Id: "a", MessageBody: "good" },
          { Id: "b", MessageBody: "bad" },
        ],
      }),
    );
    expect([await setup.next(), await setup.next()].sort()).toEqual(["bad", "good"]);
    expect(await setup.left()).toBe(1);
    await setup.cloud.clock.push(30_000);
    expect(await setup.next()).toBe("bad");
    expect(await setup.left()).toBe(1);
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
  ])("keeps or deletes the messages when the handler %s", async (_what, handler, kept) => {
    await using setup = await start(handler, { FunctionResponseTypes: ["ReportBatchItemFailures"] });
    await setup.sqs.send(new SendMessageCommand({ QueueUrl: setup.work, MessageBody: "x" }));
    expect(await setup.next()).toBe("called");
    expect(await setup.left()).toBe(kept);
  });

  it("keeps a group's order, also behind a failure", async () => {
    await using setup = await start(
      `for (const r of event.Records) {
         await tell(r.body + (r.attributes.ApproximateReceiveCount > 1 ? " again" : ""));
         if (r.body === "1" && r.attributes.ApproximateReceiveCount === "1") throw new Error("first try");
       }`,
      { BatchSize: 1 },
      true,
    );
    for (const MessageBody of ["1", "2"])
      await setup.sqs.send(
        new SendMessageCommand({ QueueUrl: setup.work, MessageBody, MessageGroupId: "g" }),
      );
    expect(await setup.next()).toBe("1");
    expect(await setup.left()).toBe(2);
    await setup.cloud.clock.push(30_000);
    expect([await setup.next(), await setup.next()]).toEqual(["1 again", "2"]);
  });

  it("deletes messages that its filter does not match", async () => {
    await using setup = await start("for (const r of event.Records) await tell(r.body);", {
      FilterCriteria: { Filters: [{ Pattern: JSON.stringify({ body: { kind: ["wanted"] } }) }] },
    });
    for (const kind of ["other", "wanted"])
      await setup.sqs.send(
        new SendMessageCommand({ QueueUrl: setup.work, MessageBody: JSON.stringify({ kind }) }),
      );
    expect(await setup.next()).toBe('{"kind":"wanted"}');
    expect(await setup.left()).toBe(0);
  });

  it("does not poll while it is disabled", async () => {
    await using setup = await start("await tell('called');", { Enabled: false });
    await setup.sqs.send(new SendMessageCommand({ QueueUrl: setup.work, MessageBody: "x" }));
    expect(await setup.left()).toBe(1);
    await setup.lambda.send(new UpdateEventSourceMappingCommand({ UUID: setup.made.UUID, Enabled: true }));
    expect(await setup.next()).toBe("called");
  });

  it("is refused when the role may not receive, or the queue's visibility timeout is too short", async () => {
    await using setup = await start("return;");
    const create = (name: string) =>
      setup.lambda.send(
        new CreateEventSourceMappingCommand({
          FunctionName: name,
          EventSourceArn: `arn:aws:sqs:us-east-1:${ACCOUNT}:work`,
        }),
      );
    await setup.create("poor", { "index.mjs": "" }, { Role: await setup.role("poor") });
    await expect(create("poor")).rejects.toThrow("does not have permissions to call ReceiveMessage on SQS");
    await setup.create("slow", { "index.mjs": "" }, { Timeout: 60 });
    await expect(create("slow")).rejects.toThrow(
      "Queue visibility timeout: 30 seconds is less than Function timeout: 60 seconds",
    );
    await expect(create("worker")).rejects.toMatchObject({ name: "ResourceConflictException" });
  });
});

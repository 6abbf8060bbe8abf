import {
  ChangeMessageVisibilityCommand,
  CreateQueueCommand,
  DeleteMessageBatchCommand,
  DeleteMessageCommand,
  DeleteQueueCommand,
  GetQueueAttributesCommand,
  PurgeQueueCommand,
  ReceiveMessageCommand,
  SendMessageBatchCommand,
  SendMessageCommand,
  SQSClient,
} from "@aws-sdk/client-sqs";
import { describe, expect, it } from "vitest";
import { sqs } from "#cloud/services/sqs/service.ts";
import { testCloud } from "#cloud/testing/cloud.ts";

const start = async (attributes: Record<string, string> = {}) => {
  const cloud = await testCloud({ frozen: true, services: [sqs] });
  const client = cloud.client(SQSClient, "111111111111");
  const { QueueUrl = "" } = await client.send(
    new CreateQueueCommand({ QueueName: "orders", Attributes: attributes }),
  );
  return {
    cloud,
    client,
    QueueUrl,
    send: (MessageBody: string) => client.send(new SendMessageCommand({ QueueUrl, MessageBody })),
    receive: async (input: Partial<ReceiveMessageCommand["input"]> = {}) =>
      (await client.send(new ReceiveMessageCommand({ QueueUrl, ...input }))).Messages ?? [],
    counts: async () => {
      const { Attributes = {} } = await client.send(
        new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ["All"] }),
      );
      return [
        Attributes["ApproximateNumberOfMessages"],
        Attributes["ApproximateNumberOfMessagesNotVisible"],
        Attributes["ApproximateNumberOfMessagesDelayed"],
      ].map(Number);
    },
    [Symbol.asyncDispose]: () => cloud.stop(),
  };
};

describe("a standard queue", () => {
  it("names the account and the queue in its URL", async () => {
    await using queue = await start();
    expect(queue.QueueUrl).toBe(`${queue.cloud.endpoint}/111111111111/orders`);
  });

  it("hides a received message until its visibility timeout, then shows it again with a new handle", async () => {
    await using queue = await start({ VisibilityTimeout: "10" });
    await queue.send("one");
    const [first] = await queue.receive();
    expect(first?.Body).toBe("one");
    expect(await queue.receive()).toEqual([]);
    expect(await queue.counts()).toEqual([0, 1, 0]);
    await queue.cloud.clock.push(10_000);
    const [second] = await queue.receive({ MessageSystemAttributeNames: ["ApproximateReceiveCount"] });
    expect(second?.MessageId).toBe(first?.MessageId);
    expect(second?.ReceiptHandle).not.toBe(first?.ReceiptHandle);
    expect(second?.Attributes).toEqual({ ApproximateReceiveCount: "2" });
  });

  it("accepts an older handle in DeleteMessage and keeps the message, deletes it with the latest", async () => {
    await using queue = await start({ VisibilityTimeout: "0" });
    await queue.send("one");
    const [old] = await queue.receive();
    const [latest] = await queue.receive();
    const remove = (handle: string | undefined) =>
      queue.client.send(new DeleteMessageCommand({ QueueUrl: queue.QueueUrl, ReceiptHandle: handle }));
    await remove(old?.ReceiptHandle);
    expect(await queue.counts()).toEqual([1, 0, 0]);
    await remove(latest?.ReceiptHandle);
    expect(await queue.counts()).toEqual([0, 0, 0]);
    await remove(latest?.ReceiptHandle);
    await expect(remove("rubbish")).rejects.toMatchObject({ name: "ReceiptHandleIsInvalid" });
  });

  it("answers a long poll the moment a message comes", async () => {
    await using queue = await start();
    const received = queue.receive({ WaitTimeSeconds: 20 });
    await queue.send("late");
    expect((await received)[0]?.Body).toBe("late");
  });

  it("ends a long poll empty when its time is over", async () => {
    await using queue = await start();
    let calls = 0;
    queue.cloud.cloud().onCall(() => {
      calls += 1;
    });
    const received = queue.receive({ WaitTimeSeconds: 5 });
    await expect.poll(() => queue.cloud.clock.next()).toBeDefined();
    expect(calls).toBe(0);
    await queue.cloud.clock.push(5000);
    expect(await received).toEqual([]);
  });

  it("wakes a long poll when a delayed message falls due", async () => {
    await using queue = await start({ DelaySeconds: "3" });
    await queue.send("delayed");
    expect(await queue.counts()).toEqual([0, 0, 1]);
    const received = queue.receive({ WaitTimeSeconds: 20 });
    await expect.poll(() => queue.cloud.clock.next()).toBeDefined();
    await queue.cloud.clock.push(3000);
    expect((await received)[0]?.Body).toBe("delayed");
  });

  it("forgets messages after their retention period", async () => {
    await using queue = await start({ MessageRetentionPeriod: "60" });
    await queue.send("old");
    await queue.cloud.clock.push(60_000);
    expect(await queue.receive()).toEqual([]);
    expect(await queue.counts()).toEqual([0, 0, 0]);
  });

  it("hands message attributes through with the digests that the SDK compares", async () => {
    await using queue = await start();
    const MessageAttributes = {
      text: { DataType: "String", StringValue: "größe" },
      count: { DataType: "Number.int", StringValue: "42" },
      bytes: { DataType: "Binary", BinaryValue: new Uint8Array([0, 255]) },
    };
    await queue.client.send(
      new SendMessageCommand({ QueueUrl: queue.QueueUrl, MessageBody: "x", MessageAttributes }),
    );
    const [message] = await queue.receive({ MessageAttributeNames: ["All"] });
    expect(message?.MessageAttributes?.["text"]?.StringValue).toBe("größe");
    expect(Buffer.from(message?.MessageAttributes?.["bytes"]?.BinaryValue ?? [])).toEqual(
      Buffer.from([0, 255]),
    );
    // The hash was computed separately from this code, by the rule in the SQS Developer Guide.
    expect(message?.MD5OfMessageAttributes).toBe("c6c66c967959da0a0e707de2e0d366cc");
  });

  it("makes a message visible at once with timeout 0, and refuses to change one that is not in flight", async () => {
    await using queue = await start();
    await queue.send("again");
    const [message] = await queue.receive();
    const change = () =>
      queue.client.send(
        new ChangeMessageVisibilityCommand({
          QueueUrl: queue.QueueUrl,
          ReceiptHandle: message?.ReceiptHandle,
          VisibilityTimeout: 0,
        }),
      );
    await change();
    expect(await queue.counts()).toEqual([1, 0, 0]);
    await expect(change()).rejects.toMatchObject({ name: "MessageNotInflight" });
  });

  it("changes the timeout of a message after its end, until the message is received again", async () => {
    await using queue = await start({ VisibilityTimeout: "10" });
    await queue.send("late");
    const [message] = await queue.receive();
    const change = () =>
      queue.client.send(
        new ChangeMessageVisibilityCommand({
          QueueUrl: queue.QueueUrl,
          ReceiptHandle: message?.ReceiptHandle,
          VisibilityTimeout: 5,
        }),
      );
    await queue.cloud.clock.push(10_000);
    await change();
    expect(await queue.receive()).toEqual([]);
    await queue.cloud.clock.push(5000);
    expect(await queue.receive()).toHaveLength(1);
    await expect(change()).rejects.toMatchObject({ name: "MessageNotInflight" });
  });

  it("purges everything, but not twice in a minute", async () => {
    await using queue = await start();
    await queue.send("a");
    await queue.receive();
    await queue.send("b");
    const purge = () => queue.client.send(new PurgeQueueCommand({ QueueUrl: queue.QueueUrl }));
    await purge();
    expect(await queue.counts()).toEqual([0, 0, 0]);
    await expect(purge()).rejects.toMatchObject({ name: "PurgeQueueInProgress" });
    await queue.cloud.clock.push(60_000);
    await purge();
  });

  it("does not take back a deleted queue's name for a minute", async () => {
    await using queue = await start();
    await queue.client.send(new DeleteQueueCommand({ QueueUrl: queue.QueueUrl }));
    await expect(queue.send("x")).rejects.toMatchObject({ name: "QueueDoesNotExist" });
    const create = () => queue.client.send(new CreateQueueCommand({ QueueName: "orders" }));
    await expect(create()).rejects.toMatchObject({ name: "QueueDeletedRecently" });
    await queue.cloud.clock.push(60_000);
    await create();
  });

  it("lets the good entries of a batch through and lists the bad ones", async () => {
    await using queue = await start();
    const sent = await queue.client.send(
      new SendMessageBatchCommand({
        QueueUrl: queue.QueueUrl,
        Entries: [
          { Id: "good", MessageBody: "x" },
          { Id: "late", MessageBody: "y", DelaySeconds: 901 },
        ],
      }),
    );
    expect(sent.Successful?.map(({ Id }) => Id)).toEqual(["good"]);
    expect(sent.Failed).toMatchObject([{ Id: "late", Code: "InvalidParameterValue", SenderFault: true }]);
    const [message] = await queue.receive();
    const removed = await queue.client.send(
      new DeleteMessageBatchCommand({
        QueueUrl: queue.QueueUrl,
        Entries: [
          { Id: "a", ReceiptHandle: message?.ReceiptHandle },
          { Id: "b", ReceiptHandle: "no" },
        ],
      }),
    );
    expect(removed.Successful).toEqual([{ Id: "a" }]);
    expect(removed.Failed).toMatchObject([{ Id: "b", Code: "ReceiptHandleIsInvalid" }]);
  });

  it.each([
    [[], "EmptyBatchRequest"],
    [
      Array.from({ length: 11 }, (_, index) => ({ Id: `${index}`, MessageBody: "x" })),
      "TooManyEntriesInBatchRequest",
    ],
    [
      [
        { Id: "a", MessageBody: "x" },
        { Id: "a", MessageBody: "y" },
      ],
      "BatchEntryIdsNotDistinct",
    ],
    [[{ Id: "ä", MessageBody: "x" }], "InvalidBatchEntryId"],
    [
      [
        { Id: "a", MessageBody: "x".repeat(600_000) },
        { Id: "b", MessageBody: "x".repeat(600_000) },
      ],
      "BatchRequestTooLong",
    ],
  ])("refuses a batch as a whole (%#: %s → %s)", async (Entries, name) => {
    await using queue = await start();
    await expect(
      queue.client.send(new SendMessageBatchCommand({ QueueUrl: queue.QueueUrl, Entries })),
    ).rejects.toMatchObject({ name });
  });

  it("refuses a message longer than the queue takes", async () => {
    await using queue = await start({ MaximumMessageSize: "1024" });
    await queue.send("x".repeat(1024));
    await expect(queue.send("x".repeat(1025))).rejects.toThrow(
      "One or more parameters are invalid. Reason: Message must be shorter than 1024 bytes.",
    );
  });
});

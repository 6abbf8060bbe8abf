import {
  CreateQueueCommand,
  DeleteMessageCommand,
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
    new CreateQueueCommand({
      QueueName: "lines.fifo",
      Attributes: { FifoQueue: "true", VisibilityTimeout: "10", ...attributes },
    }),
  );
  let number = 0;
  return {
    cloud,
    client,
    send: (MessageBody: string, MessageGroupId: string, MessageDeduplicationId?: string) => {
      number += 1;
      return client.send(
        new SendMessageCommand({
          QueueUrl,
          MessageBody,
          MessageGroupId,
          MessageDeduplicationId: MessageDeduplicationId ?? String(number),
        }),
      );
    },
    receive: async (limit = 10) =>
      (await client.send(new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: limit }))).Messages ?? [],
    remove: (ReceiptHandle: string | undefined) =>
      client.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle })),
    QueueUrl,
    [Symbol.asyncDispose]: () => cloud.stop(),
  };
};

const bodies = (messages: readonly { readonly Body?: string | undefined }[]) =>
  messages.map(({ Body }) => Body);

describe("a FIFO queue", () => {
  it("keeps a group back while one of its messages is in flight, and other groups not", async () => {
    await using queue = await start();
    await queue.send("a1", "a");
    await queue.send("a2", "a");
    await queue.send("b1", "b");
    const [first] = await queue.receive(1);
    expect(first?.Body).toBe("a1");
    expect(bodies(await queue.receive())).toEqual(["b1"]);
    await queue.remove(first?.ReceiptHandle);
    expect(bodies(await queue.receive())).toEqual(["a2"]);
  });

  it("fills a batch from one group before it takes the next group", async () => {
    await using queue = await start();
    for (const body of ["a1", "b1", "a2", "b2"]) await queue.send(body, body.slice(0, 1));
    expect(bodies(await queue.receive(3))).toEqual(["a1", "a2", "b1"]);
  });

  it.each([
    [{ MessageDeduplicationId: "d" }, "MissingParameter"],
    [{ MessageGroupId: "g" }, "InvalidParameterValue"],
  ])("refuses a whole batch when one entry has only %j", async (members, name) => {
    await using queue = await start();
    const Entries = [
      { Id: "good", MessageBody: "x", MessageGroupId: "g", MessageDeduplicationId: "1" },
      { Id: "bad", MessageBody: "x", ...members },
    ];
    await expect(
      queue.client.send(new SendMessageBatchCommand({ QueueUrl: queue.QueueUrl, Entries })),
    ).rejects.toMatchObject({ name });
    expect(await queue.receive()).toEqual([]);
  });

  it("hands out a group again in its order after a visibility timeout", async () => {
    await using queue = await start();
    await queue.send("a1", "a");
    await queue.send("a2", "a");
    expect(bodies(await queue.receive())).toEqual(["a1", "a2"]);
    await queue.cloud.clock.push(10_000);
    expect(bodies(await queue.receive())).toEqual(["a1", "a2"]);
  });

  it("takes a deduplication id once in five minutes, also after the message was deleted", async () => {
    await using queue = await start();
    const sent = await queue.send("one", "a", "same");
    const [message] = await queue.receive();
    await queue.remove(message?.ReceiptHandle);
    const again = await queue.send("one", "a", "same");
    expect(again.MessageId).toBe(sent.MessageId);
    expect(again.SequenceNumber).toBe(sent.SequenceNumber);
    expect(await queue.receive()).toEqual([]);
    await queue.cloud.clock.push(5 * 60_000);
    await queue.send("one", "a", "same");
    expect(bodies(await queue.receive())).toEqual(["one"]);
  });

  it("deduplicates by content when told to", async () => {
    await using queue = await start({ ContentBasedDeduplication: "true" });
    const send = () =>
      queue.client.send(
        new SendMessageCommand({ QueueUrl: queue.QueueUrl, MessageBody: "x", MessageGroupId: "g" }),
      );
    await send();
    await send();
    expect(await queue.receive()).toHaveLength(1);
  });

  it("deduplicates per group in high-throughput mode", async () => {
    await using queue = await start({
      DeduplicationScope: "messageGroup",
      FifoThroughputLimit: "perMessageGroupId",
    });
    await queue.send("x", "a", "same");
    await queue.send("x", "b", "same");
    expect(await queue.receive()).toHaveLength(2);
  });

  it("refuses to delete with a handle whose visibility timeout is over", async () => {
    await using queue = await start();
    await queue.send("x", "a");
    const [message] = await queue.receive();
    await queue.cloud.clock.push(10_000);
    await expect(queue.remove(message?.ReceiptHandle)).rejects.toThrow("The receipt handle has expired.");
  });

  it.each([
    [{}, "The request must contain the parameter MessageGroupId."],
    [{ MessageGroupId: "g" }, "The queue should either have ContentBasedDeduplication enabled"],
    [{ MessageGroupId: "g", MessageDeduplicationId: "d", DelaySeconds: 1 }, "not valid for this queue type"],
  ])("refuses a message with %j", async (members, message) => {
    await using queue = await start();
    await expect(
      queue.client.send(new SendMessageCommand({ QueueUrl: queue.QueueUrl, MessageBody: "x", ...members })),
    ).rejects.toThrow(message);
  });
});

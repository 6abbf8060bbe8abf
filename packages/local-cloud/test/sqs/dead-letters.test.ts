import {
  CreateQueueCommand,
  GetQueueAttributesCommand,
  ListDeadLetterSourceQueuesCommand,
  ListMessageMoveTasksCommand,
  ReceiveMessageCommand,
  SendMessageCommand,
  SetQueueAttributesCommand,
  SQSClient,
  StartMessageMoveTaskCommand,
} from "@aws-sdk/client-sqs";
import { describe, expect, it } from "vitest";
import { sqs } from "#cloud/services/sqs/service.ts";
import { testCloud } from "#cloud/testing/cloud.ts";

const dlqArn = "arn:aws:sqs:us-east-1:111111111111:dead";

const start = async () => {
  const cloud = await testCloud({ frozen: true, services: [sqs] });
  const client = cloud.client(SQSClient, "111111111111");
  const create = async (QueueName: string, Attributes: Record<string, string> = {}) =>
    (await client.send(new CreateQueueCommand({ QueueName, Attributes }))).QueueUrl ?? "";
  const dead = await create("dead");
  const work = await create("work", {
    VisibilityTimeout: "0",
    RedrivePolicy: JSON.stringify({ deadLetterTargetArn: dlqArn, maxReceiveCount: "2" }),
  });
  const receive = async (QueueUrl: string) =>
    (
      await client.send(
        new ReceiveMessageCommand({ QueueUrl, MessageSystemAttributeNames: ["All"], VisibilityTimeout: 0 }),
      )
    ).Messages ?? [];
  return { cloud, client, create, dead, work, receive, [Symbol.asyncDispose]: () => cloud.stop() };
};

describe("a redrive policy", () => {
  it("moves a message once it was received more often than allowed, with its id and its source", async () => {
    await using queues = await start();
    const { MessageId } = await queues.client.send(
      new SendMessageCommand({ QueueUrl: queues.work, MessageBody: "poison" }),
    );
    expect(await queues.receive(queues.work)).toHaveLength(1);
    expect(await queues.receive(queues.work)).toHaveLength(1);
    expect(await queues.receive(queues.work)).toEqual([]);
    const [message] = await queues.receive(queues.dead);
    expect(message?.MessageId).toBe(MessageId);
    expect(message?.Attributes).toMatchObject({
      ApproximateReceiveCount: "3",
      DeadLetterQueueSourceArn: "arn:aws:sqs:us-east-1:111111111111:work",
    });
  });

  it("sends dead letters back to where they came from", async () => {
    await using queues = await start();
    await queues.client.send(new SendMessageCommand({ QueueUrl: queues.work, MessageBody: "poison" }));
    for (let receive = 0; receive < 3; receive += 1) await queues.receive(queues.work);
    await queues.client.send(new StartMessageMoveTaskCommand({ SourceArn: dlqArn }));
    await queues.cloud.cloud().settled();
    const { Results } = await queues.client.send(new ListMessageMoveTasksCommand({ SourceArn: dlqArn }));
    expect(Results).toMatchObject([{ Status: "COMPLETED", ApproximateNumberOfMessagesMoved: 1 }]);
    expect((await queues.receive(queues.work))[0]?.Attributes?.["ApproximateReceiveCount"]).toBe("1");
  });

  it("is checked when it is set", async () => {
    await using queues = await start();
    const set = (RedrivePolicy: string) =>
      queues.client.send(
        new SetQueueAttributesCommand({ QueueUrl: queues.work, Attributes: { RedrivePolicy } }),
      );
    await expect(
      set(JSON.stringify({ deadLetterTargetArn: `${dlqArn}x`, maxReceiveCount: 1 })),
    ).rejects.toThrow("Dead letter target does not exist.");
    await expect(set(JSON.stringify({ deadLetterTargetArn: dlqArn, maxReceiveCount: 0 }))).rejects.toThrow(
      "maxReceiveCount",
    );
    await expect(set("nonsense")).rejects.toMatchObject({ name: "InvalidAttributeValue" });
    await queues.client.send(
      new SetQueueAttributesCommand({
        QueueUrl: queues.dead,
        Attributes: { RedriveAllowPolicy: JSON.stringify({ redrivePermission: "denyAll" }) },
      }),
    );
    await expect(set(JSON.stringify({ deadLetterTargetArn: dlqArn, maxReceiveCount: 1 }))).rejects.toThrow(
      "redrive allow policy",
    );
  });

  it("is taken back by an empty value, and listed at the dead-letter queue until then", async () => {
    await using queues = await start();
    const sources = async () =>
      (await queues.client.send(new ListDeadLetterSourceQueuesCommand({ QueueUrl: queues.dead }))).queueUrls;
    expect(await sources()).toEqual([queues.work]);
    await queues.client.send(
      new SetQueueAttributesCommand({ QueueUrl: queues.work, Attributes: { RedrivePolicy: "" } }),
    );
    expect(await sources()).toEqual([]);
    const { Attributes } = await queues.client.send(
      new GetQueueAttributesCommand({ QueueUrl: queues.work, AttributeNames: ["RedrivePolicy"] }),
    );
    expect(Attributes).toBeUndefined();
  });
});

import { verify, X509Certificate } from "node:crypto";
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import {
  ConfirmSubscriptionCommand,
  CreateTopicCommand,
  DeleteTopicCommand,
  GetSubscriptionAttributesCommand,
  GetTopicAttributesCommand,
  ListSubscriptionsByTopicCommand,
  ListTopicsCommand,
  PublishBatchCommand,
  PublishCommand,
  SetSubscriptionAttributesCommand,
  SetTopicAttributesCommand,
  SNSClient,
  SubscribeCommand,
} from "@aws-sdk/client-sns";
import {
  CreateQueueCommand,
  ReceiveMessageCommand,
  SetQueueAttributesCommand,
  SQSClient,
} from "@aws-sdk/client-sqs";
import { describe, expect, it } from "vitest";
import { testCloud } from "#cloud/testing/cloud.ts";

const A = "111111111111";

const start = async (fifo = false) => {
  const cloud = await testCloud({ frozen: true });
  const sns = cloud.client(SNSClient, A);
  const sqs = cloud.client(SQSClient, A);
  const suffix = fifo ? ".fifo" : "";
  const { TopicArn = "" } = await sns.send(
    new CreateTopicCommand({ Name: `news${suffix}`, Attributes: fifo ? { FifoTopic: "true" } : {} }),
  );
  const queue = async (name: string, attributes: Record<string, string> = {}) => {
    const arn = `arn:aws:sqs:us-east-1:${A}:${name}${suffix}`;
    const { QueueUrl } = await sqs.send(
      new CreateQueueCommand({ QueueName: name + suffix, Attributes: fifo ? { FifoQueue: "true" } : {} }),
    );
    const statement = {
      Effect: "Allow",
      Principal: { Service: "sns.amazonaws.com" },
      Action: "sqs:SendMessage",
      Resource: arn,
      Condition: { ArnEquals: { "aws:SourceArn": TopicArn } },
    };
    const Policy = JSON.stringify({ Version: "2012-10-17", Statement: [statement] });
    await sqs.send(new SetQueueAttributesCommand({ QueueUrl, Attributes: { Policy } }));
    const { SubscriptionArn } = await sns.send(
      new SubscribeCommand({ TopicArn, Protocol: "sqs", Endpoint: arn, Attributes: attributes }),
    );
    const read = async () => {
      await cloud.cloud().settled();
      const { Messages = [] } = await sqs.send(
        new ReceiveMessageCommand({
          QueueUrl,
          MaxNumberOfMessages: 10,
          MessageAttributeNames: ["All"],
          MessageSystemAttributeNames: ["All"],
        }),
      );
      return Messages;
    };
    return { arn, SubscriptionArn, read };
  };
  return { cloud, sns, TopicArn, queue, [Symbol.asyncDispose]: () => cloud.stop() };
};

describe("a topic", () => {
  it("delivers a message to its queues, in an envelope or raw", async () => {
    await using setup = await start();
    const wrapped = await setup.queue("wrapped");
    const raw = await setup.queue("raw", { RawMessageDelivery: "true" });
    const { MessageId } = await setup.sns.send(
      new PublishCommand({
        TopicArn: setup.TopicArn,
        Message: "hello",
        Subject: "greeting",
        MessageAttributes: { kind: { DataType: "String", StringValue: "k" } },
      }),
    );
    expect(JSON.parse((await wrapped.read())[0]?.Body ?? "")).toMatchObject({
      Type: "Notification",
      MessageId,
      TopicArn: setup.TopicArn,
      Subject: "greeting",
      Message: "hello",
      MessageAttributes: { kind: { Type: "String", Value: "k" } },
    });
    const [message] = await raw.read();
    expect(message?.Body).toBe("hello");
    expect(message?.MessageAttributes?.["kind"]?.StringValue).toBe("k");
  });

  it.each([
    ["1", "sha1"],
    ["2", "sha256"],
  ])(
    "signs its messages with version %s, by a certificate that the cloud serves",
    async (version, digest) => {
      await using setup = await start();
      const { TopicArn, sns } = setup;
      const queue = await setup.queue("q");
      await sns.send(
        new SetTopicAttributesCommand({
          TopicArn,
          AttributeName: "SignatureVersion",
          AttributeValue: version,
        }),
      );
      await sns.send(new PublishCommand({ TopicArn, Message: "größe", Subject: "greeting" }));
      const message = JSON.parse((await queue.read())[0]?.Body ?? "");
      expect(message.SignatureVersion).toBe(version);
      const answer = await fetch(message.SigningCertURL);
      const certificate = new X509Certificate(await answer.text());
      // SNS Developer Guide, "Verifying the signatures of Amazon SNS messages".
      const signed = (text: string) =>
        `Message\n${text}\nMessageId\n${message.MessageId}\nSubject\ngreeting\nTimestamp\n${message.Timestamp}\nTopicArn\n${TopicArn}\nType\nNotification\n`;
      const holds = (text: string) =>
        verify(
          digest,
          Buffer.from(signed(text)),
          certificate.publicKey,
          Buffer.from(message.Signature, "base64"),
        );
      expect([holds("größe"), holds("other")]).toEqual([true, false]);
      expect(certificate.verify(certificate.publicKey)).toBe(true);
      expect(
        (await fetch(`${new URL(message.SigningCertURL).origin}/SimpleNotificationService-0.pem`)).ok,
      ).toBe(false);
    },
  );

  it("is confirmed and left by an HTTP endpoint, which opens the addresses of its messages", async () => {
    await using setup = await start();
    const { TopicArn, sns, cloud } = setup;
    const received: Record<string, string>[] = [];
    const server = createServer(async (request, response) => {
      received.push(JSON.parse(await text(request)));
      response.end();
    });
    await once(server.listen(0, "127.0.0.1"), "listening");
    const Endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
    await sns.send(new SubscribeCommand({ TopicArn, Protocol: "http", Endpoint }));
    await cloud.cloud().settled();
    expect(received[0]).toMatchObject({ Type: "SubscriptionConfirmation", SignatureVersion: "1" });
    const confirmed = await fetch(received[0]?.["SubscribeURL"] ?? "");
    expect([confirmed.status, await confirmed.text()]).toEqual([
      200,
      expect.stringContaining("<SubscriptionArn>"),
    ]);
    const publish = async () => {
      await sns.send(new PublishCommand({ TopicArn, Message: "x" }));
      await cloud.cloud().settled();
    };
    const arns = (await sns.send(new ListSubscriptionsByTopicCommand({ TopicArn }))).Subscriptions;
    expect(arns?.[0]?.SubscriptionArn).toMatch(/^arn:/);
    await publish();
    expect(received[1]).toMatchObject({ Type: "Notification", Message: "x" });
    expect((await fetch(received[1]?.["UnsubscribeURL"] ?? "")).status).toBe(200);
    await publish();
    expect(received).toHaveLength(2);
    server.close();
  });

  it("refuses a text message by its own word", async () => {
    await using setup = await start();
    await expect(
      setup.sns.send(new PublishCommand({ PhoneNumber: "+15551234567", Message: "x" })),
    ).rejects.toThrow("the embedded cloud sends no text messages (SMS)");
  });

  it("filters messages by attributes or by the body", async () => {
    await using setup = await start();
    const byAttribute = await setup.queue("a", {
      FilterPolicy: '{"kind":["x"],"size":[{"numeric":[">",1]}]}',
    });
    const byBody = await setup.queue("b", { FilterPolicy: '{"n":[2]}', FilterPolicyScope: "MessageBody" });
    const publish = (Message: string, kind: string, size: string) =>
      setup.sns.send(
        new PublishCommand({
          TopicArn: setup.TopicArn,
          Message,
          MessageAttributes: {
            kind: { DataType: "String", StringValue: kind },
            size: { DataType: "Number", StringValue: size },
          },
        }),
      );
    await publish('{"n":1}', "x", "2");
    await publish('{"n":2}', "y", "2");
    await publish("no json", "x", "1");
    const messages = async (queue: typeof byBody) =>
      (await queue.read()).map(({ Body = "" }) => JSON.parse(Body).Message);
    expect(await messages(byAttribute)).toEqual(['{"n":1}']);
    expect(await messages(byBody)).toEqual(['{"n":2}']);
    await expect(
      setup.sns.send(
        new SetSubscriptionAttributesCommand({
          SubscriptionArn: byBody.SubscriptionArn,
          AttributeName: "FilterPolicy",
          AttributeValue: '{"n":2}',
        }),
      ),
    ).rejects.toMatchObject({ name: "InvalidParameterException" });
  });

  it("keeps the group on a FIFO topic and drops repetitions", async () => {
    await using setup = await start(true);
    const queue = await setup.queue("q", { RawMessageDelivery: "true" });
    const publish = () =>
      setup.sns.send(
        new PublishCommand({
          TopicArn: setup.TopicArn,
          Message: "x",
          MessageGroupId: "g",
          MessageDeduplicationId: "d",
        }),
      );
    const first = await publish();
    expect((await publish()).MessageId).toBe(first.MessageId);
    const messages = await queue.read();
    expect(messages).toHaveLength(1);
    expect(messages[0]?.Attributes).toMatchObject({ MessageGroupId: "g", MessageDeduplicationId: "d" });
    await expect(
      setup.sns.send(new PublishCommand({ TopicArn: setup.TopicArn, Message: "x" })),
    ).rejects.toThrow("MessageGroupId");
  });

  it("keeps an e-mail address pending until it is confirmed", async () => {
    await using setup = await start();
    const { SubscriptionArn } = await setup.sns.send(
      new SubscribeCommand({ TopicArn: setup.TopicArn, Protocol: "email", Endpoint: "a@b.c" }),
    );
    expect(SubscriptionArn).toBe("pending confirmation");
    const { Subscriptions } = await setup.sns.send(
      new ListSubscriptionsByTopicCommand({ TopicArn: setup.TopicArn }),
    );
    expect(Subscriptions).toMatchObject([{ SubscriptionArn: "PendingConfirmation", Endpoint: "a@b.c" }]);
    await expect(
      setup.sns.send(new ConfirmSubscriptionCommand({ TopicArn: setup.TopicArn, Token: "wrong" })),
    ).rejects.toThrow("Invalid parameter: Token");
    const { Attributes } = await setup.sns.send(new GetTopicAttributesCommand({ TopicArn: setup.TopicArn }));
    expect(Attributes).toMatchObject({ SubscriptionsPending: "1", SubscriptionsConfirmed: "0", Owner: A });
  });

  it("rejects only the invalid entries of a batch", async () => {
    await using setup = await start();
    const { Successful, Failed } = await setup.sns.send(
      new PublishBatchCommand({
        TopicArn: setup.TopicArn,
        PublishBatchRequestEntries: [
          { Id: "a", Message: "x" },
          { Id: "b", Message: "y", Subject: "\n" },
        ],
      }),
    );
    expect(Successful?.map(({ Id }) => Id)).toEqual(["a"]);
    expect(Failed).toMatchObject([{ Id: "b", Code: "InvalidParameter", SenderFault: true }]);
  });

  it("is one per name, and takes its subscriptions with it", async () => {
    await using setup = await start();
    const queue = await setup.queue("q");
    expect((await setup.sns.send(new CreateTopicCommand({ Name: "news" }))).TopicArn).toBe(setup.TopicArn);
    await expect(setup.sns.send(new CreateTopicCommand({ Name: "bad name" }))).rejects.toThrow(
      "Invalid parameter: Topic Name",
    );
    await setup.sns.send(new DeleteTopicCommand({ TopicArn: setup.TopicArn }));
    expect((await setup.sns.send(new ListTopicsCommand({}))).Topics ?? []).toEqual([]);
    await expect(
      setup.sns.send(new GetSubscriptionAttributesCommand({ SubscriptionArn: queue.SubscriptionArn })),
    ).rejects.toMatchObject({ name: "NotFoundException" });
    await expect(
      setup.sns.send(new PublishCommand({ TopicArn: setup.TopicArn, Message: "x" })),
    ).rejects.toMatchObject({
      name: "NotFoundException",
    });
  });
});

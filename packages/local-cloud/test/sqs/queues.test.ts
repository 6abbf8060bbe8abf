import {
  AddPermissionCommand,
  CreateQueueCommand,
  GetQueueAttributesCommand,
  GetQueueUrlCommand,
  ListQueuesCommand,
  ListQueueTagsCommand,
  RemovePermissionCommand,
  SQSClient,
  TagQueueCommand,
  UntagQueueCommand,
} from "@aws-sdk/client-sqs";
import { describe, expect, it } from "vitest";
import { sqs } from "#cloud/services/sqs/service.ts";
import { testCloud } from "#cloud/testing/cloud.ts";

const start = async () => {
  const cloud = await testCloud({ frozen: true, services: [sqs] });
  const client = cloud.client(SQSClient, "111111111111");
  const create = async (QueueName: string, Attributes: Record<string, string> = {}) =>
    (await client.send(new CreateQueueCommand({ QueueName, Attributes }))).QueueUrl ?? "";
  return { cloud, client, create, [Symbol.asyncDispose]: () => cloud.stop() };
};

describe("queues", () => {
  it("creates a queue once per name and attributes", async () => {
    await using queues = await start();
    const { create } = queues;
    const url = await create("a", { VisibilityTimeout: "60" });
    expect(await create("a", { VisibilityTimeout: "60" })).toBe(url);
    expect(await create("a")).toBe(url);
    await expect(create("a", { VisibilityTimeout: "61" })).rejects.toMatchObject({ name: "QueueNameExists" });
  });

  it.each([
    ["bad name", {}, "Can only include alphanumeric characters"],
    ["x.fifo", {}, "Can only include alphanumeric characters"],
    ["x", { FifoQueue: "true" }, "must end with .fifo suffix"],
    ["x", { VisibilityTimeout: "43201" }, "Invalid value for the parameter VisibilityTimeout."],
    ["x", { Nonsense: "1" }, "Unknown Attribute Nonsense."],
    ["x", { ContentBasedDeduplication: "true" }, "Unknown Attribute ContentBasedDeduplication."],
  ])("rejects a queue named %j with %j", async (name, attributes, message) => {
    await using queues = await start();
    const { create } = queues;
    await expect(create(name, attributes as Record<string, string>)).rejects.toThrow(message);
  });

  it("reads booleans in any case and reports them in lower case", async () => {
    await using queues = await start();
    const { client, create } = queues;
    const QueueUrl = await create("a.fifo", { FifoQueue: "True", ContentBasedDeduplication: "FALSE" });
    const { Attributes } = await client.send(
      new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ["All"] }),
    );
    expect(Attributes).toMatchObject({ FifoQueue: "true", ContentBasedDeduplication: "false" });
    expect(await create("a.fifo", { FifoQueue: "true" })).toBe(QueueUrl);
  });

  it("lists queues by prefix, page by page", async () => {
    await using queues = await start();
    const { client, create } = queues;
    for (const name of ["b", "a2", "a1", "a3"]) await create(name);
    const first = await client.send(new ListQueuesCommand({ QueueNamePrefix: "a", MaxResults: 2 }));
    expect(first.QueueUrls?.map((url) => url.split("/").at(-1))).toEqual(["a1", "a2"]);
    const second = await client.send(
      new ListQueuesCommand({ QueueNamePrefix: "a", MaxResults: 2, NextToken: first.NextToken }),
    );
    expect(second.QueueUrls?.map((url) => url.split("/").at(-1))).toEqual(["a3"]);
    expect(second.NextToken).toBeUndefined();
  });

  it("separates the queues of two accounts", async () => {
    await using queues = await start();
    await queues.create("a");
    const other = queues.cloud.client(SQSClient, "222222222222");
    await expect(other.send(new GetQueueUrlCommand({ QueueName: "a" }))).rejects.toMatchObject({
      name: "QueueDoesNotExist",
    });
  });

  it("reports the default attributes", async () => {
    await using queues = await start();
    const { client, create } = queues;
    const QueueUrl = await create("a");
    const { Attributes } = await client.send(
      new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ["All"] }),
    );
    expect(Attributes).toMatchObject({
      QueueArn: "arn:aws:sqs:us-east-1:111111111111:a",
      VisibilityTimeout: "30",
      MaximumMessageSize: "1048576",
      SqsManagedSseEnabled: "true",
    });
    await expect(
      client.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ["Wrong" as "All"] })),
    ).rejects.toMatchObject({ name: "InvalidAttributeName" });
  });

  it("keeps tags and labelled permissions", async () => {
    await using queues = await start();
    const { client, create } = queues;
    const QueueUrl = await create("a");
    await client.send(new TagQueueCommand({ QueueUrl, Tags: { team: "x", env: "dev" } }));
    await client.send(new UntagQueueCommand({ QueueUrl, TagKeys: ["env"] }));
    expect((await client.send(new ListQueueTagsCommand({ QueueUrl }))).Tags).toEqual({ team: "x" });
    await client.send(
      new AddPermissionCommand({
        QueueUrl,
        Label: "l",
        AWSAccountIds: ["222222222222"],
        Actions: ["SendMessage"],
      }),
    );
    const policy = async () =>
      (await client.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ["Policy"] })))
        .Attributes?.["Policy"];
    expect(JSON.parse((await policy()) ?? "").Statement).toEqual([
      {
        Sid: "l",
        Effect: "Allow",
        Principal: { AWS: "arn:aws:iam::222222222222:root" },
        Action: "SQS:SendMessage",
        Resource: "arn:aws:sqs:us-east-1:111111111111:a",
      },
    ]);
    await client.send(new RemovePermissionCommand({ QueueUrl, Label: "l" }));
    expect(await policy()).toBeUndefined();
  });
});

describe("older clients", () => {
  it("answers Query requests in XML, with the error codes of that protocol", async () => {
    await using queues = await start();
    const { cloud, create } = queues;
    const QueueUrl = await create("a");
    const query = async (form: Record<string, string>) => {
      const response = await fetch(cloud.endpoint, {
        method: "POST",
        headers: {
          "content-type": "application/x-www-form-urlencoded",
          authorization:
            "AWS4-HMAC-SHA256 Credential=111111111111/20300101/us-east-1/sqs/aws4_request, SignedHeaders=host, Signature=00",
        },
        body: new URLSearchParams({ Version: "2012-11-05", ...form }),
      });
      return { status: response.status, text: await response.text() };
    };
    const sent = await query({
      Action: "SendMessage",
      QueueUrl,
      MessageBody: "<hello>",
      "MessageAttribute.1.Name": "kind",
      "MessageAttribute.1.Value.DataType": "String",
      "MessageAttribute.1.Value.StringValue": "x",
    });
    expect(sent).toMatchObject({ status: 200, text: expect.stringContaining("<MD5OfMessageAttributes>") });
    const received = await query({
      Action: "ReceiveMessage",
      QueueUrl,
      "MessageAttributeName.1": "All",
      "AttributeName.1": "SentTimestamp",
    });
    expect(received.text).toContain("<Message><MessageId>");
    expect(received.text).toContain("<Body>&lt;hello&gt;</Body>");
    expect(received.text).toContain("<Attribute><Name>SentTimestamp</Name>");
    expect(received.text).toContain("<MessageAttribute><Name>kind</Name>");
    const missing = await query({ Action: "SendMessage", QueueUrl: `${QueueUrl}x`, MessageBody: "x" });
    expect(missing).toMatchObject({
      status: 400,
      text: expect.stringContaining("<Code>AWS.SimpleQueueService.NonExistentQueue</Code>"),
    });
  });
});

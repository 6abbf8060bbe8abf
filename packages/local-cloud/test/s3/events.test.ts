import { EventBridgeClient, PutRuleCommand, PutTargetsCommand } from "@aws-sdk/client-eventbridge";
import {
  CompleteMultipartUploadCommand,
  CopyObjectCommand,
  CreateBucketCommand,
  CreateMultipartUploadCommand,
  DeleteObjectCommand,
  type NotificationConfiguration,
  PutBucketNotificationConfigurationCommand,
  PutBucketVersioningCommand,
  PutObjectCommand,
  PutObjectTaggingCommand,
  S3Client,
  UploadPartCommand,
} from "@aws-sdk/client-s3";
import {
  CreateQueueCommand,
  ReceiveMessageCommand,
  SetQueueAttributesCommand,
  SQSClient,
} from "@aws-sdk/client-sqs";
import { describe, expect, it } from "vitest";
import { testCloud } from "#cloud/testing/cloud.ts";

const OWNER = "111111111111";
const Bucket = "noisy";

type Notice = {
  readonly "detail-type": string;
  readonly account: string;
  readonly resources: string[];
  readonly detail: { readonly object: Record<string, unknown>; readonly [member: string]: unknown };
};

async function noisy(notifications: (queueArn: string) => NotificationConfiguration) {
  const cloud = await testCloud();
  const s3 = cloud.client(S3Client, OWNER);
  const sqs = cloud.client(SQSClient, OWNER);
  const { QueueUrl = "" } = await sqs.send(new CreateQueueCommand({ QueueName: "heard" }));
  const queueArn = `arn:aws:sqs:us-east-1:${OWNER}:heard`;
  const Policy = JSON.stringify({
    Version: "2012-10-17",
    Statement: ["events.amazonaws.com", "s3.amazonaws.com"].map((Service) => ({
      Effect: "Allow",
      Principal: { Service },
      Action: "sqs:SendMessage",
      Resource: queueArn,
    })),
  });
  await sqs.send(new SetQueueAttributesCommand({ QueueUrl, Attributes: { Policy } }));
  const events = cloud.client(EventBridgeClient, OWNER);
  await events.send(
    new PutRuleCommand({ Name: "all", EventPattern: JSON.stringify({ source: ["aws.s3"] }) }),
  );
  await events.send(new PutTargetsCommand({ Rule: "all", Targets: [{ Id: "q", Arn: queueArn }] }));
  await s3.send(new CreateBucketCommand({ Bucket }));
  await s3.send(new PutBucketVersioningCommand({ Bucket, VersioningConfiguration: { Status: "Enabled" } }));
  await s3.send(
    new PutBucketNotificationConfigurationCommand({
      Bucket,
      NotificationConfiguration: notifications(queueArn),
    }),
  );
  const heard = async <Message>(): Promise<Message[]> => {
    await cloud.cloud().settled();
    const { Messages = [] } = await sqs.send(
      new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10, VisibilityTimeout: 600 }),
    );
    return Messages.map(({ Body = "{}" }) => JSON.parse(Body) as Message);
  };
  return { cloud, s3, queueArn, heard, [Symbol.asyncDispose]: () => cloud[Symbol.asyncDispose]() };
}
const toEventBridge = (): NotificationConfiguration => ({ EventBridgeConfiguration: {} });

describe("events on EventBridge", () => {
  it("reports every way of creating an object", async () => {
    await using at = await noisy(toEventBridge);
    const Key = "a key/größe+ü";
    const { VersionId, ETag } = await at.s3.send(new PutObjectCommand({ Bucket, Key, Body: "12345" }));
    await at.s3.send(
      new CopyObjectCommand({ Bucket, Key: "copy", CopySource: `${Bucket}/${encodeURIComponent(Key)}` }),
    );
    const { UploadId } = await at.s3.send(new CreateMultipartUploadCommand({ Bucket, Key: "parts" }));
    const part = { Bucket, Key: "parts", UploadId, PartNumber: 1 };
    const { ETag: partTag } = await at.s3.send(new UploadPartCommand({ ...part, Body: "x" }));
    await at.s3.send(
      new CompleteMultipartUploadCommand({
        ...part,
        MultipartUpload: { Parts: [{ PartNumber: 1, ETag: partTag }] },
      }),
    );
    const heard = await at.heard<Notice>();
    expect(heard.map(({ detail }) => detail["reason"]).sort()).toEqual([
      "CompleteMultipartUpload",
      "CopyObject",
      "PutObject",
    ]);
    const first = heard.find(({ detail }) => detail["reason"] === "PutObject");
    expect(first).toMatchObject({
      "detail-type": "Object Created",
      source: "aws.s3",
      account: OWNER,
      region: "us-east-1",
      resources: [`arn:aws:s3:::${Bucket}`],
      detail: {
        version: "0",
        bucket: { name: Bucket },
        object: { key: Key, size: 5, etag: ETag?.replaceAll('"', ""), "version-id": VersionId },
        requester: OWNER,
        "source-ip-address": "127.0.0.1",
      },
    });
    expect(first?.detail.object["sequencer"]).toMatch(/^[0-9A-F]{18}$/);
  });

  it("reports markers, removals and tags", async () => {
    await using at = await noisy(toEventBridge);
    const put = await at.s3.send(new PutObjectCommand({ Bucket, Key: "k", Body: "1" }));
    await at.s3.send(
      new PutObjectTaggingCommand({ Bucket, Key: "k", Tagging: { TagSet: [{ Key: "a", Value: "1" }] } }),
    );
    const marker = await at.s3.send(new DeleteObjectCommand({ Bucket, Key: "k" }));
    await at.s3.send(new DeleteObjectCommand({ Bucket, Key: "k", VersionId: put.VersionId }));
    const heard = await at.heard<Notice>();
    const of = (type: string, deletion?: string) =>
      heard.find((event) => event["detail-type"] === type && event.detail["deletion-type"] === deletion)
        ?.detail;
    expect(of("Object Tags Added")).toMatchObject({ object: { key: "k", "version-id": put.VersionId } });
    expect(of("Object Deleted", "Delete Marker Created")).toMatchObject({
      reason: "DeleteObject",
      object: { "version-id": marker.VersionId },
    });
    const gone = of("Object Deleted", "Permanently Deleted");
    expect(gone?.object).toEqual({
      key: "k",
      "version-id": put.VersionId,
      sequencer: gone?.object["sequencer"],
    });
  });

  it("shows the order of changes to a key by their sequencers", async () => {
    await using at = await noisy(toEventBridge);
    const order: (string | undefined)[] = [];
    for (let count = 0; count < 4; count += 1) {
      const { VersionId } = await at.s3.send(new PutObjectCommand({ Bucket, Key: "k", Body: String(count) }));
      order.push(VersionId);
    }
    order.push((await at.s3.send(new DeleteObjectCommand({ Bucket, Key: "k" }))).VersionId);
    const heard = await at.heard<Notice>();
    const sorted = heard
      .map(({ detail }) => detail.object)
      .sort((left, right) => (String(left["sequencer"]) < String(right["sequencer"]) ? -1 : 1));
    expect(sorted.map((object) => object["version-id"])).toEqual(order);
  });

  it("receives no event from a bucket without notifications", async () => {
    await using at = await noisy(() => ({}));
    await at.s3.send(new PutObjectCommand({ Bucket, Key: "k", Body: "1" }));
    expect(await at.heard()).toEqual([]);
  });
});

describe("a queue named by the bucket", () => {
  const toQueue = (QueueArn: string): NotificationConfiguration => ({
    QueueConfigurations: [
      {
        Id: "mine",
        QueueArn,
        Events: ["s3:ObjectCreated:*"],
        Filter: {
          Key: {
            FilterRules: [
              { Name: "prefix", Value: "in/" },
              { Name: "suffix", Value: ".zip" },
            ],
          },
        },
      },
    ],
  });

  it("gets a test message first, then the events that pass its filter, with keys encoded as in a form", async () => {
    await using at = await noisy(toQueue);
    expect(await at.heard()).toMatchObject([{ Service: "Amazon S3", Event: "s3:TestEvent", Bucket }]);
    for (const Key of ["in/a b+ü.zip", "in/other.txt", "out/a.zip"])
      await at.s3.send(new PutObjectCommand({ Bucket, Key, Body: "12" }));
    expect(await at.heard()).toMatchObject([
      {
        Records: [
          {
            eventSource: "aws:s3",
            eventName: "ObjectCreated:Put",
            awsRegion: "us-east-1",
            s3: {
              configurationId: "mine",
              bucket: { name: Bucket, arn: `arn:aws:s3:::${Bucket}` },
              object: { key: "in/a+b%2B%C3%BC.zip", size: 2 },
            },
          },
        ],
      },
    ]);
  });

  it("rejects an unreachable queue, and the earlier configuration stays", async () => {
    await using at = await noisy(toQueue);
    const set = (NotificationConfiguration: NotificationConfiguration) =>
      at.s3.send(new PutBucketNotificationConfigurationCommand({ Bucket, NotificationConfiguration }));
    await expect(set(toQueue(`arn:aws:sqs:us-east-1:${OWNER}:none`))).rejects.toMatchObject({
      name: "InvalidArgument",
      message: "Unable to validate the following destination configurations",
    });
    const [rule] = toQueue(at.queueArn).QueueConfigurations ?? [];
    await expect(
      set({
        QueueConfigurations: [
          { ...rule, QueueArn: at.queueArn, Events: ["s3:ObjectCreated:Put"] },
          { ...rule, Id: "two", QueueArn: at.queueArn, Events: ["s3:ObjectCreated:*"] },
        ],
      }),
    ).rejects.toMatchObject({ name: "InvalidArgument" });
    await at.heard();
    await at.s3.send(new PutObjectCommand({ Bucket, Key: "in/a.zip", Body: "1" }));
    expect(await at.heard()).toHaveLength(1);
  });
});

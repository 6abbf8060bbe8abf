/** AWS::SQS::Queue. */
import { isObject, type JsonObject } from "#cloud/cloudformation/json.ts";
import { present, type ResourceContext, type ResourceType, textOf } from "./resource-type.ts";
import { allTags, tagChanges, tagMap } from "./tag-lists.ts";

const plain = [
  "ContentBasedDeduplication",
  "DeduplicationScope",
  "DelaySeconds",
  "FifoQueue",
  "FifoThroughputLimit",
  "KmsDataKeyReusePeriodSeconds",
  "KmsMasterKeyId",
  "MaximumMessageSize",
  "MessageRetentionPeriod",
  "SqsManagedSseEnabled",
  "VisibilityTimeout",
] as const;

const attributesOf = (properties: JsonObject): Record<string, string> => {
  const json = (name: string): string | undefined => {
    const value = properties[name];
    return value === undefined ? undefined : isObject(value) ? JSON.stringify(value) : String(value);
  };
  const values: Record<string, string | undefined> = Object.fromEntries(
    plain.map((name) => [name, textOf(properties, name)]),
  );
  // SQS accepts only `true` for FifoQueue; a standard queue leaves it out.
  if (values["FifoQueue"] === "false") delete values["FifoQueue"];
  return present({
    ...values,
    ReceiveMessageWaitTimeSeconds: textOf(properties, "ReceiveMessageWaitTimeSeconds"),
    RedrivePolicy: json("RedrivePolicy"),
    RedriveAllowPolicy: json("RedriveAllowPolicy"),
  }) as Record<string, string>;
};

/** SQS's defaults, which an update sets when a property was removed. */
const defaults: Readonly<Record<string, string>> = {
  DelaySeconds: "0",
  MaximumMessageSize: "1048576",
  MessageRetentionPeriod: "345600",
  ReceiveMessageWaitTimeSeconds: "0",
  VisibilityTimeout: "30",
  KmsMasterKeyId: "",
  RedrivePolicy: "",
  RedriveAllowPolicy: "",
  ContentBasedDeduplication: "false",
};

const described = (name: string, url: string, context: ResourceContext) => ({
  physicalId: url,
  attributes: {
    Arn: `arn:aws:sqs:${context.region}:${context.account}:${name}`,
    QueueName: name,
    QueueUrl: url,
  },
});

export const sqsQueue: ResourceType = {
  type: "AWS::SQS::Queue",
  create: async (properties, context) => {
    const fifo = String(properties["FifoQueue"]) === "true";
    const name =
      textOf(properties, "QueueName") ?? context.name({ max: 80, ...(fifo ? { suffix: ".fifo" } : {}) });
    const answer = await context.call<{ QueueUrl: string }>("sqs", "CreateQueue", {
      QueueName: name,
      Attributes: attributesOf(properties),
      tags: tagMap(allTags(properties, context)),
    });
    return described(name, answer.QueueUrl, context);
  },
  update: async (url, properties, previous, context) => {
    const before = attributesOf(previous);
    const wanted = attributesOf(properties);
    const gone = Object.keys(before).filter(
      (name) => wanted[name] === undefined && defaults[name] !== undefined,
    );
    const { FifoQueue: _fifo, ...attributes } = {
      ...wanted,
      ...Object.fromEntries(gone.map((name) => [name, defaults[name]])),
    };
    if (Object.keys(attributes).length > 0) {
      await context.call("sqs", "SetQueueAttributes", { QueueUrl: url, Attributes: attributes });
    }
    const current = await context.call<{ Tags?: Record<string, string> }>("sqs", "ListQueueTags", {
      QueueUrl: url,
    });
    const old = Object.entries(current.Tags ?? {}).map(([Key, Value]) => ({ Key, Value }));
    const { add, remove } = tagChanges(old, allTags(properties, context));
    if (add.length > 0) await context.call("sqs", "TagQueue", { QueueUrl: url, Tags: tagMap(add) });
    if (remove.length > 0) await context.call("sqs", "UntagQueue", { QueueUrl: url, TagKeys: remove });
    return described(url.slice(url.lastIndexOf("/") + 1), url, context);
  },
  delete: async (url, _properties, context) => {
    await context.call("sqs", "DeleteQueue", { QueueUrl: url });
  },
  permissions: [
    "sqs:CreateQueue",
    "sqs:SetQueueAttributes",
    "sqs:DeleteQueue",
    "sqs:TagQueue",
    "sqs:UntagQueue",
    "sqs:ListQueueTags",
  ],
};

/**
 * Publish and PublishBatch check a message, deduplicate it on FIFO topics, and deliver it to each
 * subscription whose filter matches.
 */
import { createHash, randomUUID } from "node:crypto";
import type * as sns from "@aws-sdk/client-sns";
import { AwsError } from "#cloud/kernel/aws-error.ts";
import type { Call, OperationOf } from "#cloud/kernel/service.ts";
import { acceptsNotification, deliver, type Notification } from "./deliver.ts";
import { findTopic, invalid, topicAccess } from "./find-topic.ts";
import type { SnsState, Topic } from "./state.ts";

/** A message has at most 256 KiB (SNS API Reference, Publish, "Message"). */
const LIMIT = 262_144;
/** A topic accepts a deduplication id once in this time (SNS API Reference, Publish, "MessageDeduplicationId"). */
const DEDUPLICATION = 5 * 60_000;

type Message = Pick<
  sns.PublishCommandInput,
  | "Message"
  | "Subject"
  | "MessageStructure"
  | "MessageAttributes"
  | "MessageDeduplicationId"
  | "MessageGroupId"
>;

export const publish: OperationOf<typeof sns, SnsState, "Publish"> = {
  // A text message has no topic (SNS Developer Guide, "Using identity-based policies with Amazon SNS").
  access: ({ TopicArn, TargetArn, PhoneNumber }, call) =>
    PhoneNumber === undefined
      ? topicAccess("Publish", TopicArn ?? TargetArn, call)
      : { action: "sns:Publish", resource: "*" },
  run: (input, call) => {
    if (input.PhoneNumber !== undefined)
      throw invalid("PhoneNumber Reason: the embedded cloud sends no text messages (SMS)");
    const { topic, state } = findTopic(input.TopicArn ?? input.TargetArn, call);
    return publishOne(topic, state, input, call);
  },
};

export const publishBatch: OperationOf<typeof sns, SnsState, "PublishBatch"> = {
  access: ({ TopicArn }, call) => topicAccess("Publish", TopicArn, call),
  run: ({ TopicArn, PublishBatchRequestEntries: entries = [] }, call) => {
    const { topic, state } = findTopic(TopicArn, call);
    if (entries.length === 0)
      throw new AwsError("EmptyBatchRequestException", "The batch request doesn't contain any entries.");
    if (entries.length > 10)
      throw new AwsError(
        "TooManyEntriesInBatchRequestException",
        "The batch request contains more entries than permissible.",
      );
    if (new Set(entries.map(({ Id }) => Id)).size < entries.length)
      throw new AwsError(
        "BatchEntryIdsNotDistinctException",
        "Two or more batch entries in the request have the same Id.",
      );
    const Successful: sns.PublishBatchResultEntry[] = [];
    const Failed: sns.BatchResultErrorEntry[] = [];
    for (const entry of entries) {
      try {
        Successful.push({ Id: entry.Id, ...publishOne(topic, state, entry, call) });
      } catch (error) {
        if (!(error instanceof AwsError)) throw error;
        Failed.push({
          Id: entry.Id,
          Code: error.code.replace(/Exception$/, ""),
          Message: error.message,
          SenderFault: true,
        });
      }
    }
    return { Successful, Failed };
  },
};

function publishOne(topic: Topic, state: SnsState, message: Message, call: Call<SnsState>) {
  const text = message.Message ?? "";
  check(topic, message);
  const now = call.clock.now().getTime();
  const deduplication = topic.fifo
    ? (message.MessageDeduplicationId ?? createHash("sha256").update(text).digest("hex"))
    : undefined;
  const key = `${topic.name}/${deduplication}`;
  const known = deduplication === undefined ? undefined : state.deduplications.get(key);
  if (known !== undefined && known.until > now) return { MessageId: known.messageId };
  const MessageId = randomUUID();
  if (deduplication !== undefined)
    state.deduplications.set(key, { messageId: MessageId, until: now + DEDUPLICATION });
  const notification: Notification = {
    id: MessageId,
    topic,
    subject: message.Subject,
    texts: textsOf(message),
    attributes: message.MessageAttributes ?? {},
    groupId: message.MessageGroupId,
    deduplicationId: deduplication,
    time: call.clock.now().toISOString(),
  };
  for (const subscription of state.subscriptions.values())
    if (
      subscription.topicArn === topic.arn &&
      subscription.token === undefined &&
      acceptsNotification(subscription, notification)
    )
      call.cloud.spawn(`sns to ${subscription.endpoint}`, () => deliver(subscription, notification, call));
  return { MessageId, ...(topic.fifo && { SequenceNumber: `1${String(now * 1000).padStart(19, "0")}` }) };
}

function check(topic: Topic, message: Message): void {
  const text = message.Message ?? "";
  if (text === "") throw invalid("Empty message");
  if (Buffer.byteLength(text) > LIMIT) throw invalid("Message too long");
  if (
    message.Subject !== undefined &&
    (message.Subject === "" || message.Subject.length > 100 || /[\n\r]/.test(message.Subject))
  )
    throw invalid("Subject");
  for (const [name, { DataType = "", StringValue, BinaryValue }] of Object.entries(
    message.MessageAttributes ?? {},
  )) {
    if (!/^(String|Number|Binary)(\..+)?$/.test(DataType))
      throw new AwsError(
        "InvalidParameterValueException",
        `The message attribute '${name}' has an invalid message attribute type, the set of supported type prefixes is Binary, Number, and String.`,
      );
    if ((StringValue ?? "") === "" && BinaryValue === undefined)
      throw new AwsError(
        "InvalidParameterValueException",
        `The message attribute '${name}' must contain non-empty message attribute value for message attribute type '${DataType}'.`,
      );
  }
  if (!topic.fifo) return;
  if (message.MessageGroupId === undefined)
    throw invalid("The MessageGroupId parameter is required for FIFO topics");
  if (
    message.MessageDeduplicationId === undefined &&
    topic.attributes["ContentBasedDeduplication"] !== "true"
  )
    throw invalid(
      "The topic should either have ContentBasedDeduplication enabled or MessageDeduplicationId provided explicitly",
    );
}

/** With `MessageStructure: json` the message has a text per protocol and a default text. */
function textsOf({ Message = "", MessageStructure }: Message): Readonly<Record<string, string>> {
  if (MessageStructure !== "json") return { default: Message };
  let texts: Record<string, unknown>;
  try {
    texts = JSON.parse(Message) as Record<string, unknown>;
  } catch {
    throw invalid("Message Structure - JSON message body failed to parse");
  }
  if (typeof texts["default"] !== "string")
    throw invalid("Message Structure - No default entry in JSON message body");
  return Object.fromEntries(Object.entries(texts).map(([protocol, text]) => [protocol, String(text)]));
}

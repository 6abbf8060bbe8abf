/** Checks a message before SQS stores it: size, characters, attributes, and FIFO parameters. */
import type { MessageAttributeValue } from "@aws-sdk/client-sqs";
import { AwsError } from "#cloud/kernel/aws-error.ts";
import { invalidValue, missingParameter } from "./errors.ts";
import type { Queue } from "./state.ts";

export type OutgoingMessage = {
  readonly MessageBody?: string | undefined;
  readonly DelaySeconds?: number | undefined;
  readonly MessageAttributes?: Record<string, MessageAttributeValue> | undefined;
  readonly MessageSystemAttributes?: Record<string, MessageAttributeValue> | undefined;
  readonly MessageDeduplicationId?: string | undefined;
  readonly MessageGroupId?: string | undefined;
};

const ID = /^[a-zA-Z0-9!"#$%&'()*+,\-./:;<=>?@[\\\]^_`{|}~]{1,128}$/;
const NOT_XML = /[^\u0009\u000A\u000D\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/u;

export function checkMessage(queue: Queue, outgoing: OutgoingMessage): void {
  const body = outgoing.MessageBody ?? "";
  if (body === "") throw missingParameter("MessageBody");
  const limit = Number(queue.attributes["MaximumMessageSize"] ?? 1_048_576);
  if (sizeOf(outgoing) > limit)
    throw new AwsError(
      "InvalidParameterValue",
      `One or more parameters are invalid. Reason: Message must be shorter than ${limit} bytes.`,
    );
  if (NOT_XML.test(body))
    throw new AwsError(
      "InvalidMessageContents",
      "Invalid characters found. Valid unicode characters are #x9 | #xA | #xD | #x20 to #xD7FF | #xE000 to #xFFFD | #x10000 to #x10FFFF",
    );
  checkAttributes(outgoing.MessageAttributes ?? {});
  checkDelay(queue, outgoing.DelaySeconds);
  checkFifo(queue, outgoing);
}

export function sizeOf({ MessageBody = "", MessageAttributes = {} }: OutgoingMessage): number {
  let size = Buffer.byteLength(MessageBody);
  for (const [name, { DataType = "", StringValue = "", BinaryValue }] of Object.entries(MessageAttributes))
    size += Buffer.byteLength(name + DataType + StringValue) + (BinaryValue?.length ?? 0);
  return size;
}

function checkAttributes(attributes: Readonly<Record<string, MessageAttributeValue>>): void {
  if (Object.keys(attributes).length > 10)
    throw new AwsError(
      "InvalidParameterValue",
      `Number of message attributes [${Object.keys(attributes).length}] exceeds the allowed maximum [10].`,
    );
  for (const [name, { DataType = "", StringValue, BinaryValue }] of Object.entries(attributes)) {
    if (!/^[\w.-]{1,256}$/.test(name) || /^\.|\.$|\.\./.test(name) || /^(aws|amazon)\./i.test(name))
      throw new AwsError(
        "InvalidParameterValue",
        `The message attribute name '${name}' is invalid. Attribute name can contain A-Z, a-z, 0-9, underscore (_), hyphen (-), and period (.) characters.`,
      );
    if (!/^(String|Number|Binary)(\..+)?$/.test(DataType))
      throw new AwsError(
        "InvalidParameterValue",
        `The message attribute '${name}' has an invalid message attribute type, the set of supported type prefixes is Binary, Number, and String.`,
      );
    const value = DataType.startsWith("Binary") ? BinaryValue?.length : StringValue;
    if (value === undefined || value === "" || value === 0)
      throw new AwsError(
        "InvalidParameterValue",
        `The message attribute '${name}' must contain a non-empty message attribute value for message attribute type '${DataType}'.`,
      );
    if (DataType.startsWith("Number") && !Number.isFinite(Number(value)))
      throw new AwsError(
        "InvalidParameterValue",
        `Can't cast the value of message attribute (parameter) '${name}' to a number.`,
      );
  }
}

function checkDelay(queue: Queue, delay: number | undefined): void {
  if (delay === undefined) return;
  if (delay < 0 || delay > 900)
    throw invalidValue(delay, "DelaySeconds", "DelaySeconds must be >= 0 and <= 900.");
  if (queue.fifo && delay > 0)
    throw invalidValue(
      delay,
      "DelaySeconds",
      "The request include parameter that is not valid for this queue type.",
    );
}

/** A FIFO queue refuses a message without a group, and a whole batch with such an entry. */
export function checkFifoMembers(
  queue: Queue,
  { MessageGroupId, MessageDeduplicationId }: OutgoingMessage,
): void {
  if (!queue.fifo) return;
  if (MessageGroupId === undefined) throw missingParameter("MessageGroupId");
  if (MessageDeduplicationId === undefined && queue.attributes["ContentBasedDeduplication"] !== "true")
    throw new AwsError(
      "InvalidParameterValue",
      "The queue should either have ContentBasedDeduplication enabled or MessageDeduplicationId provided explicitly",
    );
}

function checkFifo(queue: Queue, outgoing: OutgoingMessage): void {
  const { MessageGroupId, MessageDeduplicationId } = outgoing;
  for (const [name, value] of Object.entries({ MessageGroupId, MessageDeduplicationId }))
    if (value !== undefined && !ID.test(value))
      throw invalidValue(
        value,
        name,
        `${name} can only include alphanumeric and punctuation characters. 1 to 128 in length.`,
      );
  if (!queue.fifo && MessageDeduplicationId !== undefined)
    throw invalidValue(
      MessageDeduplicationId,
      "MessageDeduplicationId",
      "The request include parameter that is not valid for this queue type.",
    );
  checkFifoMembers(queue, outgoing);
}

/**
 * Converts SQS messages to a Lambda event, applies the mapping's filters, and reads the failures that the
 * handler reports.
 */
import { matchPattern } from "#cloud/event-pattern/match-pattern.ts";
import { parsePattern } from "#cloud/event-pattern/parse-pattern.ts";
import type { Mapping } from "./state.ts";

/** A message as ReceiveMessage returns it. */
export type Received = {
  readonly MessageId: string;
  readonly ReceiptHandle: string;
  readonly Body: string;
  readonly MD5OfBody: string;
  readonly MD5OfMessageAttributes?: string;
  readonly Attributes?: Readonly<Record<string, string>>;
  readonly MessageAttributes?: Readonly<
    Record<
      string,
      { readonly DataType?: string; readonly StringValue?: string; readonly BinaryValue?: Uint8Array }
    >
  >;
};

function toRecord(message: Received, mapping: Mapping): Readonly<Record<string, unknown>> {
  return {
    messageId: message.MessageId,
    receiptHandle: message.ReceiptHandle,
    body: message.Body,
    attributes: message.Attributes ?? {},
    messageAttributes: Object.fromEntries(
      Object.entries(message.MessageAttributes ?? {}).map(([name, value]) => [
        name,
        {
          ...(value.StringValue !== undefined && { stringValue: value.StringValue }),
          ...(value.BinaryValue !== undefined && {
            binaryValue: Buffer.from(value.BinaryValue).toString("base64"),
          }),
          stringListValues: [],
          binaryListValues: [],
          dataType: value.DataType,
        },
      ]),
    ),
    ...(message.MD5OfMessageAttributes !== undefined && {
      md5OfMessageAttributes: message.MD5OfMessageAttributes,
    }),
    md5OfBody: message.MD5OfBody,
    eventSource: "aws:sqs",
    eventSourceARN: mapping.sourceArn,
    awsRegion: mapping.sourceArn.split(":")[3],
  };
}

export const toEvent = (messages: readonly Received[], mapping: Mapping) => ({
  Records: messages.map((message) => toRecord(message, mapping)),
});

/** Filters compare a body that is valid JSON as JSON, and any other body as a string. */
export function withoutFiltered(
  messages: readonly Received[],
  mapping: Mapping,
): { readonly wanted: readonly Received[]; readonly unwanted: readonly Received[] } {
  if (mapping.filters.length === 0) return { wanted: messages, unwanted: [] };
  const patterns = mapping.filters.map(parsePattern);
  const wants = (message: Received): boolean => {
    const record = toRecord(message, mapping);
    const parsed = { ...record, body: jsonOr(message.Body) };
    return patterns.some((pattern) => matchPattern(pattern, parsed));
  };
  return {
    wanted: messages.filter(wants),
    unwanted: messages.filter((message) => !wants(message)),
  };
}

const jsonOr = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
};

/**
 * Returns the ids that the handler reported as failed. An invalid report fails the whole batch (Lambda
 * Developer Guide, "Handling errors for an SQS event source in Lambda").
 */
export function failedIds(payload: string, messages: readonly Received[]): readonly string[] | "all" {
  let answer: unknown;
  try {
    answer = JSON.parse(payload);
  } catch {
    return "all";
  }
  if (answer === null || answer === undefined) return [];
  if (typeof answer !== "object") return "all";
  const list = (answer as { batchItemFailures?: unknown }).batchItemFailures;
  if (list === null || list === undefined) return [];
  if (!Array.isArray(list)) return "all";
  const known = new Set(messages.map(({ MessageId }) => MessageId));
  const ids = list.map((item: { itemIdentifier?: unknown } | null) => item?.itemIdentifier);
  return ids.every((id): id is string => typeof id === "string" && known.has(id)) ? ids : "all";
}

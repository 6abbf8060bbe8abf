/**
 * ReceiveMessage returns visible messages, waits for them on request, and moves messages over the receive
 * limit to the dead-letter queue.
 */
import type * as sqs from "@aws-sdk/client-sqs";
import type { Call, OperationOf } from "#cloud/kernel/service.ts";
import { deadLetterQueue, moveTo } from "./dead-letter.ts";
import { useKey } from "./encryption.ts";
import { invalidValue, queueDoesNotExist } from "./errors.ts";
import { findQueue, queueAccess } from "./find-queue.ts";
import { changed, redriveOf, take, visibilityOf } from "./live-queue.ts";
import { md5, md5OfAttributes } from "./message-digest.ts";
import { sequenceText } from "./send-message.ts";
import type { Message, SqsState } from "./state.ts";

export const receiveMessage: OperationOf<typeof sqs, SqsState, "ReceiveMessage"> = {
  access: ({ QueueUrl }, call) => queueAccess("ReceiveMessage", QueueUrl, call),
  run: async (input, call) => {
    const limit = input.MaxNumberOfMessages ?? 1;
    const { VisibilityTimeout: visibility, WaitTimeSeconds: wait } = input;
    if (limit < 1 || limit > 10)
      throw invalidValue(limit, "MaxNumberOfMessages", "Must be between 1 and 10, if provided.");
    if (wait !== undefined && (wait < 0 || wait > 20))
      throw invalidValue(wait, "WaitTimeSeconds", "Must be >= 0 and <= 20, if provided.");
    if (visibility !== undefined && (visibility < 0 || visibility > 43_200))
      throw invalidValue(visibility, "VisibilityTimeout", "Must be >= 0 and <= 43200, if provided.");
    const first = findQueue(input.QueueUrl, call);
    await useKey(first.queue, "receive", call);
    const waitSeconds = wait ?? Number(first.queue.attributes["ReceiveMessageWaitTimeSeconds"] ?? 0);
    const deadline = call.clock.now().getTime() + waitSeconds * 1000;
    const messages = await poll(first.queue.name, first.state, { limit, visibility, deadline }, call);
    if (messages.length === 0) return {};
    const system = new Set<string>([
      ...(input.AttributeNames ?? []),
      ...(input.MessageSystemAttributeNames ?? []),
    ]);
    return {
      Messages: messages.map((message) => toWire(message, system, input.MessageAttributeNames ?? [])),
    };
  },
};

async function poll(
  name: string,
  state: SqsState,
  request: { readonly limit: number; readonly visibility: number | undefined; readonly deadline: number },
  call: Call<SqsState>,
): Promise<readonly Message[]> {
  for (;;) {
    const queue = state.queues.get(name);
    if (queue === undefined) throw queueDoesNotExist();
    const target = deadLetterQueue(state, queue);
    const { received, dead } = take(
      state,
      queue,
      {
        limit: request.limit,
        visibility: request.visibility === undefined ? visibilityOf(queue) : request.visibility * 1000,
        maxReceiveCount: (target && redriveOf(queue)?.maxReceiveCount) ?? Number.POSITIVE_INFINITY,
      },
      call.clock,
    );
    const now = call.clock.now().getTime();
    if (target !== undefined) for (const message of dead) moveTo(state, target, message, now, queue.arn);
    if (received.length > 0 || now >= request.deadline || call.cloud.stopping()) return received;
    await changed(state, name, request.deadline, call.clock);
  }
}

function toWire(message: Message, system: ReadonlySet<string>, wanted: readonly string[]): sqs.Message {
  const all: Readonly<Record<string, string | undefined>> = {
    SenderId: message.senderId,
    SentTimestamp: String(message.sentAt),
    ApproximateReceiveCount: String(message.receiveCount),
    ApproximateFirstReceiveTimestamp: String(message.firstReceivedAt),
    MessageGroupId: message.groupId,
    MessageDeduplicationId: message.deduplicationId,
    SequenceNumber: message.deduplicationId === undefined ? undefined : sequenceText(message.sequence),
    AWSTraceHeader: message.traceHeader,
    DeadLetterQueueSourceArn: message.deadLetterSource,
  };
  const shown = Object.entries(all).filter(
    (entry): entry is [string, string] =>
      entry[1] !== undefined && (system.has("All") || system.has(entry[0])),
  );
  const attributes = Object.fromEntries(
    Object.entries(message.attributes).filter(([name]) =>
      wanted.some((pattern) => matchesPattern(pattern, name)),
    ),
  );
  const digest = md5OfAttributes(attributes);
  return {
    MessageId: message.id,
    ReceiptHandle: message.receipt,
    MD5OfBody: md5(message.body),
    Body: message.body,
    ...(shown.length > 0 && { Attributes: Object.fromEntries(shown) }),
    ...(digest && { MessageAttributes: attributes, MD5OfMessageAttributes: digest }),
  };
}

/** A pattern is `All`, `.*`, a prefix such as `bar.*`, or a name. */
const matchesPattern = (pattern: string, name: string): boolean =>
  pattern === "All" ||
  pattern === ".*" ||
  pattern === name ||
  (pattern.endsWith(".*") && name.startsWith(pattern.slice(0, -2)));

/**
 * SendMessage and SendMessageBatch check a message, deduplicate it in FIFO queues, store it, and wake the
 * waiting receivers.
 */
import { createHash, randomUUID } from "node:crypto";
import type * as sqs from "@aws-sdk/client-sqs";
import { AwsError } from "#cloud/kernel/aws-error.ts";
import type { Principal } from "#cloud/kernel/principal.ts";
import type { Call, OperationOf } from "#cloud/kernel/service.ts";
import { checkBatch, eachEntry } from "./batch.ts";
import { checkFifoMembers, checkMessage, type OutgoingMessage, sizeOf } from "./check-message.ts";
import { useKey } from "./encryption.ts";
import { type FoundQueue, findQueue, queueAccess } from "./find-queue.ts";
import { delayOf, nextSequence, put, wake } from "./live-queue.ts";
import { md5, md5OfAttributes } from "./message-digest.ts";
import type { SqsState } from "./state.ts";

/** A queue accepts a deduplication id once in this time (SQS API Reference, SendMessage, "MessageDeduplicationId"). */
const DEDUPLICATION = 5 * 60_000;
/** The messages of a batch have at most 1 MiB together (SQS API Reference, SendMessageBatch). */
const BATCH_BYTES = 1_048_576;

export const sendMessage: OperationOf<typeof sqs, SqsState, "SendMessage"> = {
  access: ({ QueueUrl }, call) => queueAccess("SendMessage", QueueUrl, call),
  run: async (input, call) => {
    const found = findQueue(input.QueueUrl, call);
    checkMessage(found.queue, input);
    await useKey(found.queue, "send", call);
    return enqueue(found, input, call);
  },
};

export const sendMessageBatch: OperationOf<typeof sqs, SqsState, "SendMessageBatch"> = {
  access: ({ QueueUrl }, call) => queueAccess("SendMessage", QueueUrl, call),
  run: async ({ QueueUrl, Entries = [] }, call) => {
    const found = findQueue(QueueUrl, call);
    checkBatch(Entries, "SendMessageBatchRequestEntry");
    const bytes = Entries.reduce((sum, entry) => sum + sizeOf(entry), 0);
    if (bytes > BATCH_BYTES)
      throw new AwsError(
        "BatchRequestTooLong",
        `Batch requests cannot be longer than ${BATCH_BYTES} bytes. You have sent ${bytes} bytes.`,
      );
    for (const entry of Entries) checkFifoMembers(found.queue, entry);
    await useKey(found.queue, "send", call);
    return eachEntry(Entries, (entry) => {
      checkMessage(found.queue, entry);
      return { Id: entry.Id, ...enqueue(found, entry, call) };
    });
  },
};

type Receipt = {
  readonly MessageId: string;
  readonly MD5OfMessageBody: string;
  readonly MD5OfMessageAttributes?: string;
  readonly MD5OfMessageSystemAttributes?: string;
  readonly SequenceNumber?: string;
};

function enqueue({ queue, state }: FoundQueue, outgoing: OutgoingMessage, call: Call<SqsState>): Receipt {
  const now = call.clock.now().getTime();
  const body = outgoing.MessageBody ?? "";
  const attributes = outgoing.MessageAttributes ?? {};
  const deduplicationId = queue.fifo
    ? (outgoing.MessageDeduplicationId ?? createHash("sha256").update(body).digest("hex"))
    : undefined;
  const key = `${queue.name}/${queue.attributes["DeduplicationScope"] === "messageGroup" ? `${outgoing.MessageGroupId}/` : ""}${deduplicationId}`;
  const known = deduplicationId === undefined ? undefined : state.deduplications.get(key);
  const repeated = known !== undefined && known.until > now ? known : undefined;
  const id = repeated?.messageId ?? randomUUID();
  const sequence = repeated?.sequence ?? nextSequence(state, queue.name, now);
  if (repeated === undefined) {
    const delay =
      outgoing.DelaySeconds === undefined || queue.fifo ? delayOf(queue) : outgoing.DelaySeconds * 1000;
    const trace = outgoing.MessageSystemAttributes?.["AWSTraceHeader"]?.StringValue;
    put(state, {
      id,
      queue: queue.name,
      sequence,
      body,
      attributes,
      senderId: senderOf(call.principal),
      sentAt: now,
      visibleAt: now + delay,
      receiveCount: 0,
      ...(trace !== undefined && { traceHeader: trace }),
      ...(outgoing.MessageGroupId !== undefined && { groupId: outgoing.MessageGroupId }),
      ...(deduplicationId !== undefined && { deduplicationId }),
    });
    if (deduplicationId !== undefined)
      storeDeduplication(state, key, { messageId: id, sequence, until: now + DEDUPLICATION }, now);
    wake(state, queue.name);
  }
  const attributesDigest = md5OfAttributes(attributes);
  const systemDigest = md5OfAttributes(outgoing.MessageSystemAttributes ?? {});
  return {
    MessageId: id,
    MD5OfMessageBody: md5(body),
    ...(attributesDigest && { MD5OfMessageAttributes: attributesDigest }),
    ...(systemDigest && { MD5OfMessageSystemAttributes: systemDigest }),
    ...(queue.fifo && { SequenceNumber: sequenceText(sequence) }),
  };
}

export const sequenceText = (sequence: number): string => `1${String(sequence).padStart(19, "0")}`;

function storeDeduplication(
  state: SqsState,
  key: string,
  entry: { readonly messageId: string; readonly sequence: number; readonly until: number },
  now: number,
): void {
  state.deduplications.set(key, entry);
  // The entries are in the order of their expiry, so the expired ones are first.
  for (const [old, { until }] of state.deduplications.entries()) {
    if (until > now) break;
    state.deduplications.delete(old);
  }
}

const senderOf = (principal: Principal): string =>
  principal.kind === "role"
    ? principal.userId
    : principal.kind === "service"
      ? principal.service
      : "account" in principal
        ? principal.account
        : "anonymous";

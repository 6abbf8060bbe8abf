/**
 * DeleteMessage and DeleteMessageBatch delete a message only with its latest receipt handle (SQS API
 * Reference, DeleteMessage).
 */
import type * as sqs from "@aws-sdk/client-sqs";
import type { Clock } from "#cloud/kernel/clock.ts";
import type { OperationOf } from "#cloud/kernel/service.ts";
import { checkBatch, eachEntry } from "./batch.ts";
import { invalidValue } from "./errors.ts";
import { type FoundQueue, findQueue, queueAccess } from "./find-queue.ts";
import { drop, inFlight, liveQueueOf, wake } from "./live-queue.ts";
import { messageOfHandle } from "./receipt-handle.ts";
import type { SqsState } from "./state.ts";

export const deleteMessage: OperationOf<typeof sqs, SqsState, "DeleteMessage"> = {
  access: ({ QueueUrl }, call) => queueAccess("DeleteMessage", QueueUrl, call),
  run: ({ QueueUrl, ReceiptHandle }, call) => {
    remove(findQueue(QueueUrl, call), ReceiptHandle, call.clock);
    return {};
  },
};

export const deleteMessageBatch: OperationOf<typeof sqs, SqsState, "DeleteMessageBatch"> = {
  access: ({ QueueUrl }, call) => queueAccess("DeleteMessage", QueueUrl, call),
  run: ({ QueueUrl, Entries = [] }, call) => {
    const found = findQueue(QueueUrl, call);
    checkBatch(Entries, "DeleteMessageBatchRequestEntry");
    return eachEntry(Entries, ({ Id, ReceiptHandle }) => {
      remove(found, ReceiptHandle, call.clock);
      return { Id };
    });
  },
};

function remove({ queue, state }: FoundQueue, handle: string | undefined, clock: Clock): void {
  const message = liveQueueOf(state, queue.name).messages.get(messageOfHandle(handle, queue));
  if (message === undefined) return;
  const current = message.receipt === handle;
  if (queue.fifo && !(current && inFlight(message, clock.now().getTime())))
    throw invalidValue(handle, "ReceiptHandle", "The receipt handle has expired.");
  // With an older handle a standard queue returns success and keeps the message. (SQS API Reference,
  // DeleteMessage)
  if (!current) return;
  drop(state, message);
  if (queue.fifo) wake(state, queue.name);
}

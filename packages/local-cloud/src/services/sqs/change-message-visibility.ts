/**
 * ChangeMessageVisibility and its batch set the time until a received message is visible again. 0 makes it
 * visible at once.
 */
import type * as sqs from "@aws-sdk/client-sqs";
import { AwsError } from "#cloud/kernel/aws-error.ts";
import type { Clock } from "#cloud/kernel/clock.ts";
import type { OperationOf } from "#cloud/kernel/service.ts";
import { checkBatch, eachEntry } from "./batch.ts";
import { invalidValue } from "./errors.ts";
import { type FoundQueue, findQueue, queueAccess } from "./find-queue.ts";
import { inFlight, liveQueueOf, put, wake } from "./live-queue.ts";
import { messageOfHandle } from "./receipt-handle.ts";
import type { SqsState } from "./state.ts";

/** The longest timeout is twelve hours (SQS API Reference, ChangeMessageVisibility). */
const LIMIT = 43_200;

export const changeMessageVisibility: OperationOf<typeof sqs, SqsState, "ChangeMessageVisibility"> = {
  access: ({ QueueUrl }, call) => queueAccess("ChangeMessageVisibility", QueueUrl, call),
  run: ({ QueueUrl, ReceiptHandle, VisibilityTimeout }, call) => {
    change(findQueue(QueueUrl, call), ReceiptHandle, VisibilityTimeout ?? 0, call.clock);
    return {};
  },
};

export const changeMessageVisibilityBatch: OperationOf<typeof sqs, SqsState, "ChangeMessageVisibilityBatch"> =
  {
    access: ({ QueueUrl }, call) => queueAccess("ChangeMessageVisibility", QueueUrl, call),
    run: ({ QueueUrl, Entries = [] }, call) => {
      const found = findQueue(QueueUrl, call);
      checkBatch(Entries, "ChangeMessageVisibilityBatchRequestEntry");
      return eachEntry(Entries, ({ Id, ReceiptHandle, VisibilityTimeout }) => {
        change(found, ReceiptHandle, VisibilityTimeout ?? 0, call.clock);
        return { Id };
      });
    },
  };

function change(
  { queue, state }: FoundQueue,
  handle: string | undefined,
  timeout: number,
  clock: Clock,
): void {
  if (timeout < 0 || timeout > LIMIT)
    throw invalidValue(
      timeout,
      "VisibilityTimeout",
      `VisibilityTimeout must be an integer between 0 and ${LIMIT}`,
    );
  const now = clock.now().getTime();
  const id = messageOfHandle(handle, queue);
  const message = liveQueueOf(state, queue.name).messages.get(id);
  if (message === undefined)
    throw invalidValue(
      handle,
      "ReceiptHandle",
      "Message does not exist or is not available for visibility timeout change.",
    );
  // A standard queue accepts the latest handle after its timeout, until a consumer receives the message
  // again. Timeout 0 ends the receive at once. (docs/aws-assumptions.md: AWS's pages do not say it.)
  const changeable =
    message.receipt === handle && (queue.fifo ? inFlight(message, now) : message.released !== true);
  if (!changeable) {
    if (queue.fifo)
      throw invalidValue(
        handle,
        "ReceiptHandle",
        "Message does not exist or is not available for visibility timeout change.",
      );
    throw new AwsError("MessageNotInflight", "The specified message isn't in flight.");
  }
  if (now + timeout * 1000 > (message.receivedAt ?? now) + LIMIT * 1000)
    throw invalidValue(
      timeout,
      "VisibilityTimeout",
      `Total VisibilityTimeout for the message is beyond the limit [${LIMIT} seconds]`,
    );
  put(state, {
    ...message,
    visibleAt: now + timeout * 1000,
    ...(timeout === 0 && { released: true }),
  });
  wake(state, queue.name);
}

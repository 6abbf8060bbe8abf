/**
 * PurgeQueue deletes all messages, including those in flight. A queue can be purged once per minute. (SQS API
 * Reference, PurgeQueue)
 */
import type * as sqs from "@aws-sdk/client-sqs";
import { AwsError } from "#cloud/kernel/aws-error.ts";
import type { OperationOf } from "#cloud/kernel/service.ts";
import { findQueue, queueAccess } from "./find-queue.ts";
import { drop, liveQueueOf, wake } from "./live-queue.ts";
import type { SqsState } from "./state.ts";

export const purgeQueue: OperationOf<typeof sqs, SqsState, "PurgeQueue"> = {
  access: ({ QueueUrl }, call) => queueAccess("PurgeQueue", QueueUrl, call),
  run: ({ QueueUrl }, call) => {
    const { queue, state } = findQueue(QueueUrl, call);
    const now = call.clock.now().getTime();
    const last = state.purgedAt.get(queue.name);
    if (last !== undefined && now - last < 60_000)
      throw new AwsError(
        "PurgeQueueInProgress",
        `Only one PurgeQueue operation on ${queue.name} is allowed every 60 seconds.`,
        403,
      );
    state.purgedAt.set(queue.name, now);
    for (const message of [...liveQueueOf(state, queue.name).messages.values()]) drop(state, message);
    wake(state, queue.name);
    return {};
  },
};

/** DeleteQueue removes a queue and its messages. Waiting ReceiveMessage calls end with an error. */
import type * as sqs from "@aws-sdk/client-sqs";
import type { OperationOf } from "#cloud/kernel/service.ts";
import { findQueue, queueAccess } from "./find-queue.ts";
import { drop, liveQueueOf, wake } from "./live-queue.ts";
import type { SqsState } from "./state.ts";

export const deleteQueue: OperationOf<typeof sqs, SqsState, "DeleteQueue"> = {
  access: ({ QueueUrl }, call) => queueAccess("DeleteQueue", QueueUrl, call),
  run: ({ QueueUrl }, call) => {
    const { queue, state } = findQueue(QueueUrl, call);
    for (const message of [...liveQueueOf(state, queue.name).messages.values()]) drop(state, message);
    for (const key of [...state.deduplications.keys()])
      if (key.startsWith(`${queue.name}/`)) state.deduplications.delete(key);
    state.queues.delete(queue.name);
    state.purgedAt.delete(queue.name);
    state.deletedAt.set(queue.name, call.clock.now().getTime());
    wake(state, queue.name);
    return {};
  },
};

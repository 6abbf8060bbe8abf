/** Amazon SQS keeps messages in standard and FIFO queues. */
import * as sdk from "@aws-sdk/client-sqs";
import { defineService } from "#cloud/kernel/service.ts";
import { changeMessageVisibility, changeMessageVisibilityBatch } from "./change-message-visibility.ts";
import { createQueue } from "./create-queue.ts";
import { deleteMessage, deleteMessageBatch } from "./delete-message.ts";
import { deleteQueue } from "./delete-queue.ts";
import { missingParameter } from "./errors.ts";
import { getQueueUrl } from "./get-queue-url.ts";
import { listDeadLetterSourceQueues, listQueues } from "./list-queues.ts";
import {
  cancelMessageMoveTask,
  listMessageMoveTasks,
  resumeMove,
  startMessageMoveTask,
} from "./message-move-tasks.ts";
import { addPermission, removePermission } from "./permissions.ts";
import { purgeQueue } from "./purge-queue.ts";
import { getQueueAttributes, setQueueAttributes } from "./queue-attributes.ts";
import { listQueueTags, tagQueue, untagQueue } from "./queue-tags.ts";
import { receiveMessage } from "./receive-message.ts";
import { sendMessage, sendMessageBatch } from "./send-message.ts";
import { type SqsState, sqsState } from "./state.ts";

export const sqs = defineService<SqsState, typeof sdk>(
  {
    name: "sqs",
    sdk,
    protocols: ["json-1.0", "query"],
    missingMember: missingParameter,
    target: "AmazonSQS",
    xmlNamespace: "http://queue.amazonaws.com/doc/2012-11-05/",
    deniedCode: "AccessDenied",
    state: sqsState,
    start: ({ locations, stateOf, clock, cloud }) => {
      for (const { account, region } of locations()) {
        const state = stateOf(account, region);
        for (const { handle, sourceArn, status } of state.moves.values()) {
          const source = state.queues.get(sourceArn.split(":").at(-1) ?? "");
          if (source !== undefined && (status === "RUNNING" || status === "CANCELLING"))
            resumeMove(handle, source, { state, clock, cloud });
        }
      }
    },
  },
  {
    AddPermission: addPermission,
    CancelMessageMoveTask: cancelMessageMoveTask,
    ChangeMessageVisibility: changeMessageVisibility,
    ChangeMessageVisibilityBatch: changeMessageVisibilityBatch,
    CreateQueue: createQueue,
    DeleteMessage: deleteMessage,
    DeleteMessageBatch: deleteMessageBatch,
    DeleteQueue: deleteQueue,
    GetQueueAttributes: getQueueAttributes,
    GetQueueUrl: getQueueUrl,
    ListDeadLetterSourceQueues: listDeadLetterSourceQueues,
    ListMessageMoveTasks: listMessageMoveTasks,
    ListQueueTags: listQueueTags,
    ListQueues: listQueues,
    PurgeQueue: purgeQueue,
    ReceiveMessage: receiveMessage,
    RemovePermission: removePermission,
    SendMessage: sendMessage,
    SendMessageBatch: sendMessageBatch,
    SetQueueAttributes: setQueueAttributes,
    StartMessageMoveTask: startMessageMoveTask,
    TagQueue: tagQueue,
    UntagQueue: untagQueue,
  },
);

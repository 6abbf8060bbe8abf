/**
 * GetQueueUrl returns the URL of a queue by name. Another account's queue must allow it in its policy (SQS
 * API Reference, GetQueueUrl).
 */
import type * as sqs from "@aws-sdk/client-sqs";
import type { OperationOf } from "#cloud/kernel/service.ts";
import { queueDoesNotExist } from "./errors.ts";
import { queueAccess, queueUrl } from "./find-queue.ts";
import type { SqsState } from "./state.ts";

export const getQueueUrl: OperationOf<typeof sqs, SqsState, "GetQueueUrl"> = {
  access: ({ QueueName, QueueOwnerAWSAccountId }, call) =>
    queueAccess("GetQueueUrl", `/${QueueOwnerAWSAccountId ?? call.account}/${QueueName}`, call),
  run: ({ QueueName = "", QueueOwnerAWSAccountId }, call) => {
    const account = QueueOwnerAWSAccountId ?? call.account;
    if (!call.stateOf(account).queues.has(QueueName)) throw queueDoesNotExist();
    return { QueueUrl: queueUrl(call, { account, name: QueueName }) };
  },
};

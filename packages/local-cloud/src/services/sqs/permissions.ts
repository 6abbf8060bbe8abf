/** AddPermission and RemovePermission edit the statements of a queue policy by label. */
import type * as sqs from "@aws-sdk/client-sqs";
import type { OperationOf } from "#cloud/kernel/service.ts";
import { invalidValue, missingParameter } from "./errors.ts";
import { findQueue, queueAccess } from "./find-queue.ts";
import type { Queue, SqsState } from "./state.ts";

type Policy = { Version: string; Id?: string; Statement: { Sid?: string }[] };

const ACTIONS = [
  "*",
  "SendMessage",
  "ReceiveMessage",
  "DeleteMessage",
  "ChangeMessageVisibility",
  "GetQueueAttributes",
  "GetQueueUrl",
  "ListDeadLetterSourceQueues",
  "PurgeQueue",
];

const policyOf = (queue: Queue): Policy => {
  const text = queue.attributes["Policy"];
  return text === undefined
    ? { Version: "2012-10-17", Id: `${queue.arn}/SQSDefaultPolicy`, Statement: [] }
    : (JSON.parse(text) as Policy);
};

export const addPermission: OperationOf<typeof sqs, SqsState, "AddPermission"> = {
  access: ({ QueueUrl }, call) => queueAccess("AddPermission", QueueUrl, call),
  run: ({ QueueUrl, Label = "", AWSAccountIds = [], Actions = [] }, call) => {
    const { queue, state } = findQueue(QueueUrl, call);
    if (!/^[\w-]{1,80}$/.test(Label))
      throw invalidValue(
        Label,
        "Label",
        "Can only include alphanumeric characters, hyphens, or underscores. 1 to 80 in length",
      );
    if (AWSAccountIds.length === 0) throw missingParameter("AWSAccountIds");
    if (Actions.length === 0) throw missingParameter("Actions");
    const unknown = Actions.find((action) => !ACTIONS.includes(action));
    if (unknown !== undefined)
      throw invalidValue(
        `SQS:${unknown}`,
        "ActionName",
        `Only the queue owner is allowed to invoke this action.`,
      );
    const wrong = AWSAccountIds.find((id) => !/^\d{12}$/.test(id));
    if (wrong !== undefined) throw invalidValue(wrong, "PrincipalId", "Unable to verify.");
    const policy = policyOf(queue);
    if (policy.Statement.some(({ Sid }) => Sid === Label))
      throw invalidValue(Label, "Label", "Already exists.");
    const principals = AWSAccountIds.map((id) => `arn:aws:iam::${id}:root`);
    const actions = Actions.map((action) => `SQS:${action}`);
    const statement = {
      Sid: Label,
      Effect: "Allow",
      Principal: { AWS: principals.length === 1 ? principals[0] : principals },
      Action: actions.length === 1 ? actions[0] : actions,
      Resource: queue.arn,
    };
    save(state, queue, { ...policy, Statement: [...policy.Statement, statement] });
    return {};
  },
};

export const removePermission: OperationOf<typeof sqs, SqsState, "RemovePermission"> = {
  access: ({ QueueUrl }, call) => queueAccess("RemovePermission", QueueUrl, call),
  run: ({ QueueUrl, Label }, call) => {
    const { queue, state } = findQueue(QueueUrl, call);
    const policy = policyOf(queue);
    const left = policy.Statement.filter(({ Sid }) => Sid !== Label);
    if (left.length === policy.Statement.length)
      throw invalidValue(Label, "Label", "can't find label on existing policy.");
    save(state, queue, { ...policy, Statement: left });
    return {};
  },
};

function save(state: SqsState, queue: Queue, policy: Policy): void {
  const { Policy: _old, ...rest } = queue.attributes;
  state.queues.set(queue.name, {
    ...queue,
    attributes: policy.Statement.length === 0 ? rest : { ...rest, Policy: JSON.stringify(policy) },
  });
}

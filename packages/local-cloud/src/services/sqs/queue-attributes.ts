/** GetQueueAttributes and SetQueueAttributes read and change the attributes of a queue. */
import type * as sqs from "@aws-sdk/client-sqs";
import { AwsError } from "#cloud/kernel/aws-error.ts";
import type { OperationOf } from "#cloud/kernel/service.ts";
import { defaultAttributes, knownAttributes, mergeAttributes, readAttributes } from "./attributes.ts";
import { checkRedrive } from "./dead-letter.ts";
import { missingParameter, unknownAttribute } from "./errors.ts";
import { findQueue, queueAccess } from "./find-queue.ts";
import { delayed, expire, inFlight, liveQueueOf, wake } from "./live-queue.ts";
import type { Queue, SqsState } from "./state.ts";

export const getQueueAttributes: OperationOf<typeof sqs, SqsState, "GetQueueAttributes"> = {
  access: ({ QueueUrl }, call) => queueAccess("GetQueueAttributes", QueueUrl, call),
  run: ({ QueueUrl, AttributeNames = [] }, call) => {
    const { queue, state } = findQueue(QueueUrl, call);
    const asked: readonly string[] = AttributeNames;
    const unknown = asked.find((name) => name !== "All" && !knownAttributes.includes(name));
    if (unknown !== undefined) throw unknownAttribute(unknown);
    const now = call.clock.now().getTime();
    expire(state, queue, now);
    const all = allAttributes(state, queue, now);
    const shown = asked.includes("All") ? Object.keys(all) : asked.filter((name) => name in all);
    return shown.length === 0
      ? {}
      : { Attributes: Object.fromEntries(shown.map((name) => [name, all[name] ?? ""])) };
  },
};

function allAttributes(state: SqsState, queue: Queue, now: number): Record<string, string> {
  const messages = [...liveQueueOf(state, queue.name).messages.values()];
  const held = messages.filter((message) => inFlight(message, now)).length;
  const late = messages.filter((message) => delayed(message, now)).length;
  return {
    QueueArn: queue.arn,
    ApproximateNumberOfMessages: String(messages.length - held - late),
    ApproximateNumberOfMessagesNotVisible: String(held),
    ApproximateNumberOfMessagesDelayed: String(late),
    CreatedTimestamp: String(Math.floor(queue.createdAt / 1000)),
    LastModifiedTimestamp: String(Math.floor(queue.modifiedAt / 1000)),
    ...defaultAttributes(queue.fifo),
    ...(queue.attributes["KmsMasterKeyId"] === undefined
      ? { SqsManagedSseEnabled: "true" }
      : { KmsDataKeyReusePeriodSeconds: "300" }),
    ...queue.attributes,
  };
}

export const setQueueAttributes: OperationOf<typeof sqs, SqsState, "SetQueueAttributes"> = {
  access: ({ QueueUrl }, call) => queueAccess("SetQueueAttributes", QueueUrl, call),
  run: ({ QueueUrl, Attributes: given = {} }, call) => {
    const Attributes = readAttributes(given);
    const { queue, state } = findQueue(QueueUrl, call);
    if (Object.keys(Attributes).length === 0) throw missingParameter("Attribute.Name");
    if ("FifoQueue" in Attributes && Attributes["FifoQueue"] !== String(queue.fifo))
      throw new AwsError("InvalidAttributeName", "Unknown Attribute FifoQueue.");
    const changed: Queue = {
      ...queue,
      attributes: mergeAttributes(queue.attributes, Attributes, queue.fifo),
      modifiedAt: call.clock.now().getTime(),
    };
    if ("RedrivePolicy" in Attributes) checkRedrive(state, changed);
    state.queues.set(queue.name, changed);
    wake(state, queue.name);
    return {};
  },
};

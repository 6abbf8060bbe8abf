/** TagQueue, UntagQueue and ListQueueTags edit and list the tags of a queue. */
import type * as sqs from "@aws-sdk/client-sqs";
import { AwsError } from "#cloud/kernel/aws-error.ts";
import type { OperationOf } from "#cloud/kernel/service.ts";
import { invalidValue } from "./errors.ts";
import { findQueue, queueAccess } from "./find-queue.ts";
import type { SqsState } from "./state.ts";

const LIMIT = 50;

export function checkTags(tags: Readonly<Record<string, string>>): void {
  for (const [key, value] of Object.entries(tags)) {
    if (key === "" || key.length > 128 || key.toLowerCase().startsWith("aws:"))
      throw invalidValue(key, "Tag.Key", "Tag keys are 1 to 128 characters and do not begin with aws:.");
    if (value.length > 256) throw invalidValue(value, "Tag.Value", "Tag values have at most 256 characters.");
  }
  if (Object.keys(tags).length > LIMIT)
    throw new AwsError("InvalidParameterValue", `Too many tags for queue: at most ${LIMIT} are allowed.`);
}

export const tagQueue: OperationOf<typeof sqs, SqsState, "TagQueue"> = {
  access: ({ QueueUrl, Tags = {} }, call) => ({
    ...queueAccess("TagQueue", QueueUrl, call),
    context: {
      ...Object.fromEntries(Object.entries(Tags).map(([key, value]) => [`aws:RequestTag/${key}`, value])),
      "aws:TagKeys": Object.keys(Tags),
    },
  }),
  run: ({ QueueUrl, Tags = {} }, call) => {
    const { queue, state } = findQueue(QueueUrl, call);
    const tags = { ...queue.tags, ...Tags };
    checkTags(tags);
    state.queues.set(queue.name, { ...queue, tags });
    return {};
  },
};

export const untagQueue: OperationOf<typeof sqs, SqsState, "UntagQueue"> = {
  access: ({ QueueUrl, TagKeys = [] }, call) => ({
    ...queueAccess("UntagQueue", QueueUrl, call),
    context: { "aws:TagKeys": TagKeys },
  }),
  run: ({ QueueUrl, TagKeys = [] }, call) => {
    const { queue, state } = findQueue(QueueUrl, call);
    const tags = Object.fromEntries(Object.entries(queue.tags).filter(([key]) => !TagKeys.includes(key)));
    state.queues.set(queue.name, { ...queue, tags });
    return {};
  },
};

export const listQueueTags: OperationOf<typeof sqs, SqsState, "ListQueueTags"> = {
  access: ({ QueueUrl }, call) => queueAccess("ListQueueTags", QueueUrl, call),
  run: ({ QueueUrl }, call) => {
    const { tags } = findQueue(QueueUrl, call).queue;
    return Object.keys(tags).length > 0 ? { Tags: { ...tags } } : {};
  },
};

/** CreateQueue makes a queue. For an existing queue with the same attributes it returns that queue's URL. */
import type * as sqs from "@aws-sdk/client-sqs";
import { AwsError } from "#cloud/kernel/aws-error.ts";
import type { OperationOf } from "#cloud/kernel/service.ts";
import { defaultAttributes, mergeAttributes, readAttributes } from "./attributes.ts";
import { checkRedrive } from "./dead-letter.ts";
import { invalidValue, unknownAttribute } from "./errors.ts";
import { queueArn, queueUrl } from "./find-queue.ts";
import { checkTags } from "./queue-tags.ts";
import type { Queue, SqsState } from "./state.ts";

/** A deleted queue blocks its name for this time (SQS API Reference, CreateQueue, "QueueDeletedRecently"). */
const REUSE_AFTER = 60_000;

export const createQueue: OperationOf<typeof sqs, SqsState, "CreateQueue"> = {
  access: ({ QueueName = "", tags = {} }, call) => {
    const asked = {
      resource: queueArn(call.region, { account: call.account, name: QueueName }),
      context: {
        ...Object.fromEntries(Object.entries(tags).map(([key, value]) => [`aws:RequestTag/${key}`, value])),
        "aws:TagKeys": Object.keys(tags),
      },
    };
    return [
      { action: "sqs:CreateQueue", ...asked },
      ...(Object.keys(tags).length > 0 ? [{ action: "sqs:TagQueue", ...asked }] : []),
    ];
  },
  run: ({ QueueName: name = "", Attributes: given = {}, tags = {} }, call) => {
    const Attributes = readAttributes(given);
    const { state } = call;
    const now = call.clock.now().getTime();
    const fifo = name.endsWith(".fifo");
    checkName(name, fifo, Attributes["FifoQueue"]);
    checkTags(tags);
    const QueueUrl = queueUrl(call, { account: call.account, name });
    const existing = state.queues.get(name);
    if (existing !== undefined) {
      const current: Readonly<Record<string, string>> = {
        ...defaultAttributes(fifo),
        SqsManagedSseEnabled: "true",
        ...existing.attributes,
      };
      for (const [key, value] of Object.entries(mergeAttributes({}, Attributes, fifo)))
        if (!same(current[key], value))
          throw new AwsError(
            "QueueNameExists",
            `A queue already exists with the same name and a different value for attribute ${key}`,
          );
      return { QueueUrl };
    }
    const deletedAt = state.deletedAt.get(name);
    if (deletedAt !== undefined && now - deletedAt < REUSE_AFTER)
      throw new AwsError(
        "QueueDeletedRecently",
        "You must wait 60 seconds after deleting a queue before you can create another with the same name.",
      );
    const queue: Queue = {
      name,
      arn: queueArn(call.region, { account: call.account, name }),
      account: call.account,
      region: call.region,
      fifo,
      attributes: mergeAttributes({}, Attributes, fifo),
      tags,
      createdAt: now,
      modifiedAt: now,
    };
    checkRedrive(state, queue);
    state.queues.set(name, queue);
    state.deletedAt.delete(name);
    return { QueueUrl };
  },
};

function checkName(name: string, fifo: boolean, fifoAttribute: string | undefined): void {
  if (name.length > 80 || !/^[\w-]+$/.test(fifo ? name.slice(0, -".fifo".length) : name)) {
    const reason = "Can only include alphanumeric characters, hyphens, or underscores. 1 to 80 in length";
    throw new AwsError(
      "InvalidParameterValue",
      fifoAttribute === "true"
        ? `The name of a FIFO queue can only include alphanumeric characters, hyphens, or underscores, must end with .fifo suffix and be 1 to 80 in length.`
        : reason,
    );
  }
  if (fifoAttribute === "true" && !fifo)
    throw new AwsError(
      "InvalidParameterValue",
      "The name of a FIFO queue can only include alphanumeric characters, hyphens, or underscores, must end with .fifo suffix and be 1 to 80 in length.",
    );
  if (fifo && fifoAttribute === undefined)
    throw new AwsError(
      "InvalidParameterValue",
      "Can only include alphanumeric characters, hyphens, or underscores. 1 to 80 in length",
    );
  if (fifo && fifoAttribute === "false")
    throw invalidValue("false", "FifoQueue", "A name that ends with .fifo is a FIFO queue's.");
  if (!fifo && fifoAttribute === "false") throw unknownAttribute("FifoQueue");
}

/** Policies are compared as JSON documents. */
function same(left: string | undefined, right: string): boolean {
  if (left === right) return true;
  try {
    return JSON.stringify(JSON.parse(left ?? "")) === JSON.stringify(JSON.parse(right));
  } catch {
    return false;
  }
}

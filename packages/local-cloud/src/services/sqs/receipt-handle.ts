/**
 * Makes and reads receipt handles. A handle contains the queue and the message, so that SQS can distinguish
 * an old handle from an invalid one.
 */
import { randomUUID } from "node:crypto";
import { AwsError } from "#cloud/kernel/aws-error.ts";
import type { Message, Queue } from "./state.ts";

export const receiptHandle = (message: Message): string =>
  Buffer.from(`${randomUUID()} ${message.queue} ${message.id}`).toString("base64");

/** Returns the message id of a handle. The message may be deleted. */
export function messageOfHandle(handle: string | undefined, queue: Queue): string {
  const [, name, id] = Buffer.from(handle ?? "", "base64")
    .toString("utf8")
    .split(" ");
  if (id === undefined || name === undefined)
    throw new AwsError(
      "ReceiptHandleIsInvalid",
      `The input receipt handle "${handle}" is not a valid receipt handle.`,
      404,
    );
  if (name !== queue.name)
    throw new AwsError("ReceiptHandleIsInvalid", "The input receipt handle is invalid.", 404);
  return id;
}

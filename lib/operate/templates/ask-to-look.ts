/** Puts lines on their queues again, through the intake queue of the central account. */
import { randomUUID } from "node:crypto";
import { GetQueueUrlCommand, SendMessageBatchCommand } from "@aws-sdk/client-sqs";
import { lookRequest } from "#journey/event.ts";
import { queues } from "#release/names/deployed-names.ts";
import type { Line } from "#release/names/key.ts";
import type { Central } from "./central.ts";

export class NotSent extends Error {
  override name = "NotSent";
}

const batch = 10;

export async function askToLook({ sqs }: Pick<Central, "sqs">, lines: readonly Line[]): Promise<void> {
  const { QueueUrl } = await sqs.send(new GetQueueUrlCommand({ QueueName: queues.intake }));
  for (let at = 0; at < lines.length; at += batch) {
    const Entries = lines
      .slice(at, at + batch)
      .map((line) => ({ Id: randomUUID(), MessageBody: lookRequest(line) }));
    const { Failed = [] } = await sqs.send(new SendMessageBatchCommand({ QueueUrl, Entries }));
    if (Failed[0] !== undefined) throw new NotSent(`SQS refused a message: ${Failed[0].Message}`);
  }
}

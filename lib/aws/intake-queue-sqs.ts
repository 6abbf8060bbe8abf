/** Sends messages to the intake queue of the central account. */
import { GetQueueUrlCommand, SendMessageBatchCommand, type SQSClient } from "@aws-sdk/client-sqs";
import type { IntakeQueue } from "#ports/intake-queue.ts";
import { queues } from "#release/names/deployed-names.ts";

class MessageNotSent extends Error {
  override name = "MessageNotSent";
}

const batch = 10; // of one call

export const intakeQueueSqs = (sqs: SQSClient): IntakeQueue => ({
  send: async (bodies) => {
    const { QueueUrl } = await sqs.send(new GetQueueUrlCommand({ QueueName: queues.intake }));
    for (let start = 0; start < bodies.length; start += batch) {
      const Entries = bodies
        .slice(start, start + batch)
        .map((MessageBody, index) => ({ Id: String(index), MessageBody }));
      const { Failed = [] } = await sqs.send(new SendMessageBatchCommand({ QueueUrl, Entries }));
      if (Failed[0] !== undefined) throw new MessageNotSent(`SQS refused a message: ${Failed[0].Message}`);
    }
  },
});

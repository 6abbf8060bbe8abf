/** The queues of lines, in this account or another: one name everywhere, so an account's queue needs no looking up. */
import { SendMessageBatchCommand, type SQSClient } from "@aws-sdk/client-sqs";
import type { LineMessage, LineQueue } from "#journey/ports.ts";
import { places } from "#release/places.ts";

export class LinesNotSent extends Error {
  override name = "LinesNotSent";
}

const batch = 10;
const atOnce = 5;

export const lineQueueSqs = (sqs: SQSClient): LineQueue => ({
  send: async ({ account, region }, messages) => {
    // Only a name: which endpoint is spoken to is the client's business.
    const QueueUrl = `https://sqs.${region}.amazonaws.com/${account}/${places.lineQueue}`;
    const batches = inBatches(messages, batch);
    for (const some of inBatches(batches, atOnce)) {
      await Promise.all(some.map((each) => sendBatch(sqs, QueueUrl, each)));
    }
  },
});

async function sendBatch(sqs: SQSClient, QueueUrl: string, messages: readonly LineMessage[]): Promise<void> {
  const { Failed = [] } = await sqs.send(
    new SendMessageBatchCommand({
      QueueUrl,
      Entries: messages.map(({ group, deduplication, body }, index) => ({
        Id: String(index),
        MessageGroupId: group,
        MessageDeduplicationId: deduplication,
        MessageBody: body,
      })),
    }),
  );
  const [first] = Failed;
  if (first === undefined) return;
  const seen = `${Failed.length} of ${messages.length} messages were not sent to ${QueueUrl}`;
  throw new LinesNotSent(`${seen}; the first: ${first.Code} ${first.Message ?? ""}`);
}

const inBatches = <T>(all: readonly T[], size: number): readonly (readonly T[])[] =>
  Array.from({ length: Math.ceil(all.length / size) }, (_, index) =>
    all.slice(index * size, (index + 1) * size),
  );

/**
 * Sends to the queues of lines, in this account or another. The queues have the same names everywhere, so no
 * lookup is needed.
 */
import {
  ChangeMessageVisibilityBatchCommand,
  SendMessageBatchCommand,
  type SQSClient,
} from "@aws-sdk/client-sqs";
import type { LineMessage, LineQueue, LineRetry } from "#ports/line-queue.ts";
import { lineQueues } from "#release/names/deployed-names.ts";

export class LinesNotSent extends Error {
  override name = "LinesNotSent";
}

const batch = 10;
const atOnce = 5;

export const lineQueueSqs = (sqs: SQSClient): LineQueue => ({
  send: async ({ account, region }, messages) => {
    const batches = [...Map.groupBy(messages, (message) => message.class)].flatMap(([of, ofClass]) => {
      const url = queueUrl(region, account, lineQueues[of]);
      return inBatches(ofClass, batch).map((each) => ({ url, each }));
    });
    for (const some of inBatches(batches, atOnce)) {
      await Promise.all(some.map(({ url, each }) => sendBatch(sqs, url, each)));
    }
  },
});

export const lineRetrySqs = (sqs: SQSClient): LineRetry => ({
  later: async (queueArn, receipts, seconds) => {
    const [, , , region = "", account = "", name = ""] = queueArn.split(":");
    // When SQS rejects an entry, the queue's own visibility timeout is the pause.
    await sqs.send(
      new ChangeMessageVisibilityBatchCommand({
        QueueUrl: queueUrl(region, account, name),
        Entries: receipts.map((ReceiptHandle, index) => ({
          Id: String(index),
          ReceiptHandle,
          VisibilityTimeout: seconds,
        })),
      }),
    );
  },
});

/** The URL only names the queue; the client chooses the endpoint. */
const queueUrl = (region: string, account: string, name: string): string =>
  `https://sqs.${region}.amazonaws.com/${account}/${name}`;

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

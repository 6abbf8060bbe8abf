/**
 * Handles a batch of SQS messages. Messages of one group are handled together. Failed messages are reported,
 * so SQS delivers only them again (Lambda Developer Guide, "Implementing partial batch responses").
 */
import type { SQSBatchResponse, SQSEvent, SQSRecord } from "aws-lambda";

export type Records = readonly [SQSRecord, ...SQSRecord[]];

export type BatchHandler = {
  /**
   * Messages with the same name are handled together; without this function, each message is handled alone.
   */
  readonly belongsTo?: (record: SQSRecord) => string;
  readonly handle: (records: Records) => Promise<void>;
  /** Gets each failure before it is reported. It must not throw, or SQS delivers the whole batch again. */
  readonly failed: (records: Records, error: unknown) => Promise<void>;
};

export const handleBatch =
  ({ belongsTo = ({ messageId }) => messageId, handle, failed }: BatchHandler) =>
  async ({ Records }: SQSEvent): Promise<SQSBatchResponse> => {
    const unhandled = await Promise.all(
      [...Map.groupBy(Records, belongsTo).values()].map(async (group) => {
        const records = group as unknown as Records; // a group has a first member
        try {
          await handle(records);
          return [];
        } catch (error) {
          await failed(records, error);
          return group;
        }
      }),
    );
    return { batchItemFailures: unhandled.flat().map(({ messageId }) => ({ itemIdentifier: messageId })) };
  };

/**
 * Messages of a queue, one by one: those that failed are reported, and come again. In a FIFO queue a failed message
 * holds back the later ones of its group, and of its group alone.
 */
import type { SQSBatchResponse, SQSEvent, SQSRecord } from "aws-lambda";

export type RecordHandler = {
  readonly handle: (record: SQSRecord) => Promise<void>;
  /** Hears of each failure before it is reported; must not throw, or the whole batch comes again. */
  readonly failed: (record: SQSRecord, error: unknown) => Promise<void>;
};

export const handleBatch =
  ({ handle, failed }: RecordHandler) =>
  async ({ Records }: SQSEvent): Promise<SQSBatchResponse> => {
    // Messages of a standard queue are groups of one.
    const groups = Map.groupBy(
      Records,
      ({ attributes, messageId }) => attributes.MessageGroupId ?? messageId,
    );
    const unhandled = await Promise.all(
      [...groups.values()].map(async (group) => {
        for (const [index, record] of group.entries()) {
          try {
            await handle(record);
          } catch (error) {
            await failed(record, error);
            return group.slice(index);
          }
        }
        return [];
      }),
    );
    return { batchItemFailures: unhandled.flat().map(({ messageId }) => ({ itemIdentifier: messageId })) };
  };

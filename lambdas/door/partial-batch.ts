/**
 * A batch of a queue: messages that belong together are handled as one, and those that failed are reported, so that they
 * come again and the others do not.
 */
import type { SQSBatchResponse, SQSEvent, SQSRecord } from "aws-lambda";

export type Records = readonly [SQSRecord, ...SQSRecord[]];

export type BatchHandler = {
  /** Messages with the same name are handled together; each by itself, where this is not given. */
  readonly belongsTo?: (record: SQSRecord) => string;
  readonly handle: (records: Records) => Promise<void>;
  /** Hears of each failure before it is reported; must not throw, or the whole batch comes again. */
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

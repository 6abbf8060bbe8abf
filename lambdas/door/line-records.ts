/** Handles messages of the line queues. All messages of a batch about one line become one reconcile. */
import type { Logger } from "@aws-lambda-powertools/logger";
import { nameIn, nameInBody, readLineMessages } from "#journey/message.ts";
import { type ReconcileDeps, reconcile } from "#journey/reconcile.ts";
import { retryLater } from "#journey/retry-later.ts";
import type { LineRetry } from "#ports/line-queue.ts";
import { about } from "./logger.ts";
import type { BatchHandler } from "./partial-batch.ts";
import { bodiesOf, receivesOf } from "./records.ts";

export const lineRecords = (
  deps: ReconcileDeps & { readonly retry: LineRetry },
  root: Logger,
): BatchHandler => ({
  // An unreadable message names no line, and it must fail alone.
  belongsTo: ({ body, messageId }) => nameInBody(body) ?? messageId,
  handle: async (records) => {
    const logger = root.createChild();
    const [{ eventSourceARN: queue }] = records;
    const request = { ...readLineMessages(bodiesOf(records)), queue, again: receivesOf(records) > 1 };
    about(logger, { line: nameIn(request), version: request.versionId });
    const done = await reconcile(deps, request, records[0].messageId);
    if (done === undefined) return logger.info("forgotten", { cause: request.cause });
    const { line, steps, result } = done;
    about(logger, { line, version: result?.version, execution: result?.execution });
    const more = { cause: request.cause, status: result?.status, messages: records.length };
    for (const { type, why } of steps) logger.info(type, { why, ...more });
  },
  failed: async (records, error) => {
    const logger = root.createChild();
    const receipts = records.map(({ receiptHandle }) => receiptHandle);
    const count = receivesOf(records);
    about(logger, { line: nameInBody(records[0].body) });
    logger.error("not reconciled", { error: error as Error, receives: count });
    const [{ eventSourceARN: queue, messageId: id }] = records;
    await retryLater(deps, { queue, receipts, bodies: bodiesOf(records), count, id }, error).catch(
      (unreported) => logger.error("not even refused", { error: unreported as Error }),
    );
  },
});

/** A message on the queue of lines, taken up, and after the last failure answered in the line's result. */
import type { Logger } from "@aws-lambda-powertools/logger";
import { readLineMessage } from "#journey/message.ts";
import { lineOf, type ReconcileWorld, reconcile } from "#journey/reconcile.ts";
import { gaveUp, refuse } from "#journey/refuse.ts";
import { about } from "./logger.ts";
import type { RecordHandler } from "./partial-batch.ts";

/** How often the queue hands out a message before it goes to the dead letters; as in the anchor stack. */
export const receives = 10;

export const lineRecord = (world: ReconcileWorld, root: Logger): RecordHandler => ({
  handle: async ({ body, messageId }) => {
    const logger = root.createChild();
    const lookAt = readLineMessage(body);
    about(logger, { line: lookAt.line ?? lookAt.lineName, version: lookAt.versionId });
    const done = await reconcile(world, lookAt, messageId);
    if (done === undefined) return logger.info("forgotten", { cause: lookAt.cause });
    const { line, steps, result } = done;
    about(logger, { line, version: result?.version, execution: result?.execution });
    const { cause } = lookAt;
    for (const { type, why } of steps) logger.info(type, { why, cause, status: result?.status });
  },
  failed: async (record, error) => {
    const logger = root.createChild();
    const count = record.attributes.ApproximateReceiveCount;
    try {
      const lookAt = readLineMessage(record.body);
      about(logger, { line: lookAt.line ?? lookAt.lineName, version: lookAt.versionId });
      const line = Number(count) >= receives ? await lineOf(world.cache, lookAt) : undefined;
      if (line !== undefined) await refuse(world, line, {}, gaveUp(error));
    } catch (untold) {
      logger.error("not even refused", { error: untold as Error });
    }
    logger.error("not reconciled", { error: error as Error, receives: count });
  },
});

/** Handles a message of the intake queue: an upload goes to its line's anchor, or gets a result at once. */
import type { Logger } from "@aws-lambda-powertools/logger";
import { reconcileRequestIn, type UploadEvent, uploadsIn } from "#journey/event.ts";
import { type RouteDeps, route, routeReconcileRequest } from "#journey/route.ts";
import { type UnroutedDeps, unrouted } from "#journey/unrouted.ts";
import { about } from "./logger.ts";
import type { BatchHandler } from "./partial-batch.ts";

export const uploadRecord = (deps: RouteDeps & UnroutedDeps, root: Logger): BatchHandler => ({
  handle: async ([{ body, messageId }]) => {
    const logger = root.createChild();
    const said: unknown = JSON.parse(body);
    const asked = reconcileRequestIn(said);
    if (asked !== undefined) return routeReconcileRequest(deps, asked, messageId);
    const uploads = uploadsIn(said);
    if (uploads.length === 0) logger.warn("not an upload", { messageId });
    for (const [index, upload] of uploads.entries())
      await routeOne(deps, upload, index === 0 ? messageId : `${messageId}-${index}`, logger);
  },
  failed: async ([{ messageId, body, eventSourceARN: queue, receiptHandle: receipt, attributes }], error) => {
    const logger = root.createChild();
    const count = Number(attributes.ApproximateReceiveCount);
    logger.error("not routed", { messageId, error: error as Error, receives: count });
    await unrouted(deps, { queue, receipt, body, count }, error).catch((untold: unknown) =>
      logger.error("not even told", { error: untold as Error }),
    );
  },
});

async function routeOne(deps: RouteDeps, upload: UploadEvent, id: string, logger: Logger): Promise<void> {
  about(logger, { line: upload.key, version: upload.versionId });
  const routed = await route(deps, upload, id);
  if (routed.to === "uploader") {
    const { code, message } = routed.error;
    logger.warn("rejected", { code, why: message });
  } else logger.info("routed", { to: routed.to });
}

/** Handles a message of the intake queue: an upload goes to its line's anchor, or gets a result at once. */
import type { Logger } from "@aws-lambda-powertools/logger";
import { type BusEvent, reconcileRequestIn, uploadIn } from "#journey/event.ts";
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
    const upload = uploadIn(said as BusEvent);
    if (upload === undefined) return logger.warn("not an upload", { messageId });
    about(logger, { line: upload.key, version: upload.versionId });
    const routed = await route(deps, upload, messageId);
    if (routed.to === "uploader") {
      const { code, message } = routed.error;
      logger.warn("rejected", { code, why: message });
    } else logger.info("routed", { to: routed.to });
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

/** A message on the intake queue: one upload, sent to its line's anchor or answered. */
import type { Logger } from "@aws-lambda-powertools/logger";
import { type BusEvent, uploadIn } from "#journey/event.ts";
import { type RouteWorld, route } from "#journey/route.ts";
import { about } from "./logger.ts";
import type { BatchHandler } from "./partial-batch.ts";

export const uploadRecord = (world: RouteWorld, root: Logger): BatchHandler => ({
  handle: async ([{ body, messageId }]) => {
    const logger = root.createChild();
    const upload = uploadIn(JSON.parse(body) as BusEvent);
    if (upload === undefined) return logger.warn("not an upload", { messageId });
    about(logger, { line: upload.key, version: upload.versionId });
    const routed = await route(world, upload, messageId);
    if (routed.to === "uploader") {
      const { code, message } = routed.error;
      logger.warn("rejected", { code, why: message });
    } else logger.info("routed", { to: routed.to });
  },
  failed: async ([{ messageId }], error) => {
    root.createChild().error("not routed", { messageId, error: error as Error });
  },
});

/** Runs for EventBridge events. It puts the lines that an AWS event concerns on their queues. */
import { injectLambdaContext } from "@aws-lambda-powertools/logger/middleware";
import middy from "@middy/core";
import { observeDeps } from "#aws/deps-lambdas.ts";
import type { BusEvent } from "#journey/event.ts";
import { observe } from "#journey/observe.ts";
import { withRecent } from "#journey/recent.ts";
import { anchorLocation } from "./door/anchor-location.ts";
import { about, createLogger } from "./door/logger.ts";

const { region, location } = anchorLocation();
const logger = createLogger();
const deps = withRecent(observeDeps({ region }, location));

export const handler = middy<BusEvent, void>()
  .use(injectLambdaContext(logger, { resetKeys: true }))
  .handler(async (event) => {
    const lines = await observe(deps, event);
    const [first] = lines;
    if (lines.length === 1) about(logger, { line: first?.lineName, execution: first?.executionId });
    logger.info("lines to look at", { event: event["detail-type"], id: event.id, lines: lines.length });
  });

/** Invoked by the clock, which only wants to know, and by `kedge sweep`: what lines that are no more have left behind. */
import { injectLambdaContext } from "@aws-lambda-powertools/logger/middleware";
import middy from "@middy/core";
import { sweepWorld } from "#aws/world.ts";
import { type Swept, sweep } from "#journey/sweep.ts";
import { anchorPlace } from "./door/anchor-place.ts";
import { createLogger } from "./door/logger.ts";

const { region, place } = anchorPlace();
const logger = createLogger();
const world = sweepWorld({ region }, place);

export const handler = middy<{ readonly fix?: unknown }, readonly Swept[]>()
  .use(injectLambdaContext(logger, { resetKeys: true }))
  .handler(async ({ fix }, { awsRequestId }) => {
    const swept = await sweep(world, { fix: fix === true, id: awsRequestId });
    for (const orphan of swept) logger.warn("orphan", { orphan });
    logger.info("swept", { orphans: swept.length, removed: swept.filter(({ removed }) => removed).length });
    return swept;
  });

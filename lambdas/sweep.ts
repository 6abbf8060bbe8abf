/** Invoked by the clock, which only wants to know, and by `kedge sweep`: what lines that are no more have left behind. */
import { injectLambdaContext } from "@aws-lambda-powertools/logger/middleware";
import middy from "@middy/core";
import { sweepDeps } from "#aws/deps-lambdas.ts";
import { sweep } from "#journey/sweep.ts";
import type { CollectedOrphan } from "#release/line/orphans.ts";
import { anchorLocation } from "./door/anchor-location.ts";
import { createLogger } from "./door/logger.ts";

const { region, location } = anchorLocation();
const logger = createLogger();
const deps = sweepDeps({ region }, location);

export const handler = middy<{ readonly fix?: unknown }, readonly CollectedOrphan[]>()
  .use(injectLambdaContext(logger, { resetKeys: true }))
  .handler(async ({ fix }, { awsRequestId }) => {
    const swept = await sweep(deps, { fix: fix === true, id: awsRequestId });
    for (const orphan of swept) logger.warn("orphan", { orphan });
    logger.info("swept", { orphans: swept.length, removed: swept.filter(({ removed }) => removed).length });
    return swept;
  });

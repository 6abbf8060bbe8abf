/**
 * Runs on a schedule, which only reports, and for `kedge sweep`. It collects orphans: resources of lines that
 * no longer exist.
 */
import { injectLambdaContext } from "@aws-lambda-powertools/logger/middleware";
import middy from "@middy/core";
import { orphanCollectionDeps } from "#aws/deps-lambdas.ts";
import { collectOrphans } from "#journey/orphan-collection.ts";
import type { CollectedOrphan } from "#release/line/orphans.ts";
import { anchorLocation } from "./door/anchor-location.ts";
import { createLogger } from "./door/logger.ts";

const { region, location } = anchorLocation();
const logger = createLogger();
const deps = orphanCollectionDeps({ region }, location);

export const handler = middy<{ readonly fix?: unknown }, readonly CollectedOrphan[]>()
  .use(injectLambdaContext(logger, { resetKeys: true }))
  .handler(async ({ fix }, { awsRequestId }) => {
    const collected = await collectOrphans(deps, { fix: fix === true, id: awsRequestId });
    for (const orphan of collected) logger.warn("orphan", { orphan });
    logger.info("swept", {
      orphans: collected.length,
      removed: collected.filter(({ removed }) => removed).length,
    });
    return collected;
  });

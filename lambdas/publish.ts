/** Runs for `kedge publish` and `kedge estate confirm`. It publishes an estate that enough people have signed. */
import { injectLambdaContext } from "@aws-lambda-powertools/logger/middleware";
import middy from "@middy/core";
import { publishDeps } from "#aws/deps-lambdas.ts";
import { publishEstate } from "#journey/publish-estate.ts";
import type { PublicationAnswer } from "#ports/estate-proposals.ts";
import { environment } from "./door/environment.ts";
import { createLogger } from "./door/logger.ts";

const env = environment("AWS_REGION", "CENTRAL_ACCOUNT", "REGISTRY_BUCKET");
const logger = createLogger();
const deps = publishDeps(
  { region: env.AWS_REGION },
  { account: env.CENTRAL_ACCOUNT, registryBucket: env.REGISTRY_BUCKET },
);

export const handler = middy<{ readonly digest?: unknown }, PublicationAnswer>()
  .use(injectLambdaContext(logger, { resetKeys: true }))
  .handler(async ({ digest }) => {
    const answer = await publishEstate(deps, String(digest));
    logger.info("estate", { digest, answer });
    return answer;
  });

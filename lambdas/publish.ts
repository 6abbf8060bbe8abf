/** Runs for the commands that publish and confirm. It publishes an estate or a release template that people have signed. */
import { injectLambdaContext } from "@aws-lambda-powertools/logger/middleware";
import middy from "@middy/core";
import { publishDeps } from "#aws/deps-lambdas.ts";
import { publishEstate } from "#journey/publish-estate.ts";
import { publishModule } from "#journey/publish-module.ts";
import type { PublicationAnswer } from "#ports/estate-proposals.ts";
import type { ModuleAnswer } from "#ports/template-proposals.ts";
import { environment } from "./door/environment.ts";
import { createLogger } from "./door/logger.ts";

const env = environment("AWS_REGION", "CENTRAL_ACCOUNT", "REGISTRY_BUCKET");
const logger = createLogger();
const deps = publishDeps(
  { region: env.AWS_REGION },
  { account: env.CENTRAL_ACCOUNT, registryBucket: env.REGISTRY_BUCKET },
);

type Order = { readonly digest?: unknown; readonly template?: Readonly<Record<string, unknown>> };

export const handler = middy<Order, PublicationAnswer | ModuleAnswer>()
  .use(injectLambdaContext(logger, { resetKeys: true }))
  .handler(async ({ digest, template }) => {
    const answer =
      template === undefined
        ? await publishEstate(deps, String(digest))
        : await publishModule(deps, template);
    logger.info(template === undefined ? "estate" : "template", { digest, template, answer });
    return answer;
  });

/** Runs for messages of the central account's intake queue. It sends each upload to its line's anchor. */
import { injectLambdaContext } from "@aws-lambda-powertools/logger/middleware";
import middy from "@middy/core";
import type { SQSBatchResponse, SQSEvent } from "aws-lambda";
import { routeDeps } from "#aws/deps-lambdas.ts";
import { environment } from "./door/environment.ts";
import { createLogger } from "./door/logger.ts";
import { handleBatch } from "./door/partial-batch.ts";
import { uploadRecord } from "./door/upload-record.ts";

const env = environment("AWS_REGION", "ARTIFACT_BUCKET", "REGISTRY_BUCKET");
const logger = createLogger();
const deps = routeDeps(
  { region: env.AWS_REGION },
  { artifactBucket: env.ARTIFACT_BUCKET, registryBucket: env.REGISTRY_BUCKET },
);

export const handler = middy<SQSEvent, SQSBatchResponse>()
  .use(injectLambdaContext(logger))
  .handler(handleBatch(uploadRecord(deps, logger)));

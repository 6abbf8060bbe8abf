/**
 * Runs for messages of the anchor's line queues. It brings each line one step nearer to the artifact at its
 * key.
 */
import { injectLambdaContext } from "@aws-lambda-powertools/logger/middleware";
import middy from "@middy/core";
import type { SQSBatchResponse, SQSEvent } from "aws-lambda";
import { reconcileDeps } from "#aws/deps-lambdas.ts";
import type { Plan } from "#release/plan/plan.ts";
import { anchorLocation } from "./door/anchor-location.ts";
import { lineRecords } from "./door/line-records.ts";
import { createLogger } from "./door/logger.ts";
import { handleBatch } from "./door/partial-batch.ts";

const { region, location } = anchorLocation();
const logger = createLogger();

/** Loads the CDK only to create or change a pipeline, because most messages do not need it. */
async function render(plan: Plan): Promise<string> {
  const { renderPipeline } = await import("#synth/render-pipeline.ts");
  return renderPipeline(plan, { region, ...location });
}

export const handler = middy<SQSEvent, SQSBatchResponse>()
  .use(injectLambdaContext(logger))
  .handler(handleBatch(lineRecords({ ...reconcileDeps({ region }, location), render }, logger)));

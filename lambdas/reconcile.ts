/** Invoked by an anchor's queues of lines: each line is brought one step nearer to the artifact at its key. */
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

/** The CDK is loaded when a pipeline has to be made or changed: most messages need it not. */
async function render(plan: Plan): Promise<string> {
  const { renderPipeline } = await import("#synth/render-pipeline.ts");
  return renderPipeline(plan, { region, ...location });
}

export const handler = middy<SQSEvent, SQSBatchResponse>()
  .use(injectLambdaContext(logger))
  .handler(handleBatch(lineRecords({ ...reconcileDeps({ region }, location), render }, logger)));

/**
 * Answers every job of CodePipeline, even if its action throws: success, "invoke me again", or failure. A job
 * without an answer would block its pipeline for twenty minutes.
 */
import type { Logger } from "@aws-lambda-powertools/logger";
import { injectLambdaContext } from "@aws-lambda-powertools/logger/middleware";
import middy from "@middy/core";
import type { CodePipelineEvent } from "aws-lambda";
import type { JobAnswer } from "#journey/job.ts";
import type { Jobs } from "#ports/jobs.ts";
import { ReleaseError } from "#release/errors/errors.ts";

export const jobHandler = <Job>(
  { jobs, logger, read }: { jobs: Jobs; logger: Logger; read: (event: CodePipelineEvent) => Job },
  perform: (job: Job) => Promise<JobAnswer>,
) =>
  middy<CodePipelineEvent, JobAnswer>()
    .use(injectLambdaContext(logger, { resetKeys: true, logEvent: false }))
    .use({
      after: async ({ event, response }) => {
        const { id } = event["CodePipeline.job"];
        if (response?.type === "later") await jobs.continueLater(id, response.continuation);
        else await jobs.succeed(id, response?.outputs ?? {});
        logger.info(response?.type ?? "done", { job: id });
      },
      onError: async (request) => {
        const { id } = request.event["CodePipeline.job"];
        logger.error("failed", { job: id, error: request.error as Error });
        await jobs.fail(id, messageOf(request.error));
        request.response = { type: "done", outputs: {} }; // answered: Lambda need not try it again
      },
    })
    .handler((event) => perform(read(event)));

/** The result finds the code again at the begin of the action's message. */
function messageOf(error: unknown): string {
  if (error instanceof ReleaseError) return `${error.code}: ${error.message} ${error.remedy}`;
  return error instanceof Error ? `${error.name}: ${error.message}` : String(error);
}

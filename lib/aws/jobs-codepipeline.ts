/** Answers to CodePipeline's jobs. */
import {
  type CodePipelineClient,
  PutJobFailureResultCommand,
  PutJobSuccessResultCommand,
} from "@aws-sdk/client-codepipeline";
import type { Jobs } from "#ports/jobs.ts";

const longestMessage = 5000;

export const jobsCodepipeline = (codepipeline: CodePipelineClient): Jobs => ({
  succeed: async (jobId, outputs) => {
    await codepipeline.send(
      new PutJobSuccessResultCommand({
        jobId,
        ...(Object.keys(outputs).length > 0 && { outputVariables: { ...outputs } }),
      }),
    );
  },
  continueLater: async (jobId, continuationToken) => {
    await codepipeline.send(new PutJobSuccessResultCommand({ jobId, continuationToken }));
  },
  fail: async (jobId, message) => {
    await codepipeline.send(
      new PutJobFailureResultCommand({
        jobId,
        failureDetails: { type: "JobFailed", message: message.slice(0, longestMessage) },
      }),
    );
  },
});

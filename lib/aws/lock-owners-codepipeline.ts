/** Tells whether an execution that owns a lock still runs. */
import { type CodePipelineClient, GetPipelineExecutionCommand } from "@aws-sdk/client-codepipeline";
import type { LockOwners } from "#ports/environment-locks.ts";
import { isNamed } from "./error-names.ts";

const running: readonly (string | undefined)[] = ["InProgress", "Stopping"];

export const lockOwnersCodepipeline = (codepipeline: CodePipelineClient): LockOwners => ({
  hasEnded: async (pipelineName, pipelineExecutionId) => {
    try {
      const { pipelineExecution } = await codepipeline.send(
        new GetPipelineExecutionCommand({ pipelineName, pipelineExecutionId }),
      );
      return !running.includes(pipelineExecution?.status);
    } catch (error) {
      if (isNamed(error, "PipelineNotFoundException", "PipelineExecutionNotFoundException")) return true;
      throw error;
    }
  },
});

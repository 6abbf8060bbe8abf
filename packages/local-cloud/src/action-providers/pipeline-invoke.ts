/** CodePipeline invoke: starts another pipeline in the account of the action's role. */
import { assumptions } from "#cloud/pipeline/assumptions.ts";
import { type ActionProvider, failed, HOUR, type Job, type Outcome, properties } from "./provider.ts";

type Memo = { readonly execution: string };

export const pipelineInvoke: ActionProvider = {
  categories: ["Invoke"],
  provider: "CodePipeline",
  inputs: [0, 0],
  outputs: [0, 0],
  v2: true,
  properties: properties(["PipelineName"], ["SourceRevisions", "Variables"]),
  timeoutMinutes: HOUR,
  start: async (job) => {
    const sourceRevisions = list(job, "SourceRevisions");
    const variables = list(job, "Variables");
    if (sourceRevisions === undefined || variables === undefined) {
      return failed("ConfigurationError", "SourceRevisions and Variables must be JSON arrays.");
    }
    const { pipelineExecutionId = "" } = await job.call<{ pipelineExecutionId?: string }>(
      "codepipeline",
      "StartPipelineExecution",
      {
        name: job.configuration["PipelineName"],
        clientRequestToken: job.runId,
        ...(sourceRevisions.length > 0 && { sourceRevisions }),
        ...(variables.length > 0 && { variables }),
      },
    );
    const details = { externalExecutionId: pipelineExecutionId };
    return assumptions.invokedPipelineIsNotAwaited
      ? { status: "Succeeded", details }
      : {
          status: "InProgress",
          details: { ...details, memo: { execution: pipelineExecutionId } satisfies Memo },
        };
  },
  observe,
};

function list(job: Job, key: string): readonly unknown[] | undefined {
  try {
    const parsed: unknown = JSON.parse(job.configuration[key] ?? "[]");
    return Array.isArray(parsed) ? parsed : undefined;
  } catch {
    return undefined;
  }
}

async function observe(job: Job, memo: Memo): Promise<Outcome> {
  const { pipelineExecution } = await job.call<{ pipelineExecution?: { status?: string } }>(
    "codepipeline",
    "GetPipelineExecution",
    { pipelineName: job.configuration["PipelineName"], pipelineExecutionId: memo.execution },
  );
  const status = pipelineExecution?.status;
  if (status === "InProgress" || status === "Stopping") return { status: "InProgress", details: { memo } };
  if (status === "Succeeded") return { status: "Succeeded" };
  return failed("JobFailed", `The pipeline execution ${memo.execution} ended ${status ?? "unknown"}.`);
}

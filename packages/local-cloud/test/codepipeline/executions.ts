/** Reads the executions and actions of the tests' pipeline. */
import {
  type CodePipelineClient,
  GetPipelineExecutionCommand,
  ListActionExecutionsCommand,
  ListPipelineExecutionsCommand,
} from "@aws-sdk/client-codepipeline";

const actionsOf = async (client: CodePipelineClient) =>
  (await client.send(new ListActionExecutionsCommand({ pipelineName: "line" }))).actionExecutionDetails ?? [];

export async function findAction(client: CodePipelineClient, name: string) {
  const found = (await actionsOf(client)).find(({ actionName }) => actionName === name);
  if (found === undefined) throw new Error(`no action ${name}`);
  return found;
}

/** Returns the error of the newest failed action of the newest execution. */
export async function problemOf(client: CodePipelineClient): Promise<string | undefined> {
  const actions = await actionsOf(client);
  const failed = actions.find(
    ({ status, pipelineExecutionId }) =>
      status === "Failed" && pipelineExecutionId === actions[0]?.pipelineExecutionId,
  );
  return failed?.output?.executionResult?.errorDetails?.message;
}

export async function newestExecution(client: CodePipelineClient) {
  const { pipelineExecutionSummaries } = await client.send(
    new ListPipelineExecutionsCommand({ pipelineName: "line" }),
  );
  const id = pipelineExecutionSummaries?.[0]?.pipelineExecutionId ?? "";
  const { pipelineExecution } = await client.send(
    new GetPipelineExecutionCommand({ pipelineName: "line", pipelineExecutionId: id }),
  );
  return { id, status: pipelineExecution?.status };
}

export const newestStatus = async (
  client: CodePipelineClient,
  pipelineName: string,
): Promise<string | undefined> =>
  (await client.send(new ListPipelineExecutionsCommand({ pipelineName }))).pipelineExecutionSummaries?.[0]
    ?.status;

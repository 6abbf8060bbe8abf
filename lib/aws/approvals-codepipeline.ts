/** Finds and decides the approvals that wait in CodePipeline. */
import {
  type CodePipelineClient,
  GetPipelineStateCommand,
  PutApprovalResultCommand,
  paginateListActionExecutions,
  type StageState,
} from "@aws-sdk/client-codepipeline";
import type { Approvals, PendingApproval } from "#ports/approvals.ts";
import { isNamed } from "./error-names.ts";

export const approvalsCodepipeline = (codepipeline: CodePipelineClient): Approvals => ({
  pending: async (name) => {
    try {
      const { stageStates = [] } = await codepipeline.send(new GetPipelineStateCommand({ name }));
      return pendingIn(stageStates);
    } catch (error) {
      if (isNamed(error, "PipelineNotFoundException")) return undefined;
      throw error;
    }
  },
  description: async (pipelineName, { stage, action, execution: pipelineExecutionId }) => {
    const input = { pipelineName, filter: { pipelineExecutionId } };
    for await (const page of paginateListActionExecutions({ client: codepipeline }, input)) {
      const run = page.actionExecutionDetails?.find(
        ({ stageName, actionName }) => stageName === stage && actionName === action,
      );
      if (run !== undefined) return run.input?.resolvedConfiguration?.["CustomData"];
    }
    return undefined;
  },
  decide: async (pipelineName, { stage, action, token }, status, summary) => {
    const decision = { pipelineName, stageName: stage, actionName: action, token };
    const { approvedAt } = await codepipeline.send(
      new PutApprovalResultCommand({ ...decision, result: { status, summary } }),
    );
    return approvedAt?.toISOString();
  },
});

/** An action that waits for a decision is in progress and has a token. */
const pendingIn = (stages: readonly StageState[]): readonly PendingApproval[] =>
  stages.flatMap(({ stageName = "", latestExecution, actionStates = [] }) =>
    actionStates.flatMap(({ actionName = "", latestExecution: run }) =>
      run?.status === "InProgress" && run.token !== undefined
        ? {
            ...{ stage: stageName, action: actionName, token: run.token },
            execution: latestExecution?.pipelineExecutionId ?? "",
          }
        : [],
    ),
  );

/** Finds and decides the approvals that wait in CodePipeline. */
import {
  type ActionExecutionDetail,
  type CodePipelineClient,
  GetPipelineStateCommand,
  PutApprovalResultCommand,
  paginateListActionExecutions,
  type StageState,
} from "@aws-sdk/client-codepipeline";
import type { Approvals, PendingApproval, ShownClearance } from "#ports/approvals.ts";
import { pipelinePrefix } from "#release/names/deployed-names.ts";
import { clearanceVariables } from "#release/plan/gate.ts";
import { actionLocation } from "#release/plan/plan-waves.ts";
import { isNamed } from "./error-names.ts";
import { pipelineNames } from "./pipeline-names.ts";

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
  pipelines: () => pipelineNames(codepipeline, pipelinePrefix),
  shown: async (pipelineName, { stage, action, execution: pipelineExecutionId }) => {
    const runs: ActionExecutionDetail[] = [];
    const input = { pipelineName, filter: { pipelineExecutionId } };
    for await (const page of paginateListActionExecutions({ client: codepipeline }, input)) {
      runs.push(...(page.actionExecutionDetails ?? []).filter(({ stageName }) => stageName === stage));
    }
    const text = runs.find(({ actionName }) => actionName === action)?.input?.resolvedConfiguration?.[
      "CustomData"
    ];
    return { ...(text !== undefined && { text }), clearances: clearancesOf(stage, runs) };
  },
  decide: async (pipelineName, { stage, action, token }, status, summary) => {
    const decision = { pipelineName, stageName: stage, actionName: action, token };
    const { approvedAt } = await codepipeline.send(
      new PutApprovalResultCommand({ ...decision, result: { status, summary } }),
    );
    return approvedAt?.toISOString();
  },
});

/** The newest run of an action counts: a stage that runs again has a clearance of its own. */
function clearancesOf(stage: string, runs: readonly ActionExecutionDetail[]): readonly ShownClearance[] {
  const newestFirst = runs.toSorted((a, b) => Number(b.startTime ?? 0) - Number(a.startTime ?? 0));
  const found = new Map<string, ShownClearance>();
  for (const { actionName = "", output } of newestFirst) {
    const { [clearanceVariables.digest]: digest, [clearanceVariables.review]: review } =
      output?.outputVariables ?? {};
    const { environment } = actionLocation(stage, actionName);
    if (digest === undefined || review === undefined || found.has(environment)) continue;
    found.set(environment, { environment, digest, review });
  }
  return [...found.values()].sort((a, b) => (a.environment < b.environment ? -1 : 1));
}

/** An action that waits for a decision is in progress and has a token. */
const pendingIn = (stages: readonly StageState[]): readonly PendingApproval[] =>
  stages.flatMap(({ stageName = "", latestExecution, actionStates = [] }) =>
    actionStates.flatMap(({ actionName = "", latestExecution: run }) =>
      run?.status === "InProgress" && run.token !== undefined
        ? {
            ...{ stage: stageName, action: actionName, token: run.token },
            execution: latestExecution?.pipelineExecutionId ?? "",
            ...(run.lastStatusChange && { since: run.lastStatusChange.toISOString() }),
          }
        : [],
    ),
  );

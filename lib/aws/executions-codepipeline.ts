/** Reads and controls the executions and stage transitions of pipelines. */
import {
  type ActionExecutionDetail,
  type CodePipelineClient,
  DisableStageTransitionCommand,
  EnableStageTransitionCommand,
  GetPipelineStateCommand,
  ListPipelineExecutionsCommand,
  type PipelineExecutionSummary,
  paginateListActionExecutions,
  type StageState,
  StartPipelineExecutionCommand,
  StopPipelineExecutionCommand,
} from "@aws-sdk/client-codepipeline";
import type { Executions } from "#ports/executions.ts";
import type { ActionRun, ActionStatus, Execution, StageNow } from "#release/line/observation.ts";
import { actionNames } from "#release/plan/plan.ts";
import { isNamed, unlessDone } from "./error-names.ts";

const newest = 20;

export const executionsCodepipeline = (codepipeline: CodePipelineClient): Executions => ({
  list: (pipelineName) =>
    unlessGone(async () => {
      const { pipelineExecutionSummaries = [] } = await codepipeline.send(
        new ListPipelineExecutionsCommand({ pipelineName, maxResults: newest }),
      );
      return pipelineExecutionSummaries.map(executionOf);
    }),
  stages: (name) =>
    unlessGone(async () => {
      const { stageStates = [] } = await codepipeline.send(new GetPipelineStateCommand({ name }));
      return stageStates.map(stageOf);
    }),
  actions: (pipelineName, pipelineExecutionId) =>
    unlessGone(() => actions(codepipeline, pipelineName, pipelineExecutionId)),
  start: async ({ pipeline, bundle, token }) => {
    await codepipeline.send(
      new StartPipelineExecutionCommand({
        name: pipeline,
        clientRequestToken: token,
        sourceRevisions: [
          {
            actionName: actionNames.source,
            revisionType: "S3_OBJECT_VERSION_ID",
            revisionValue: bundle,
          },
        ],
      }),
    );
  },
  stop: (pipelineName, pipelineExecutionId, reason) =>
    unlessDone(
      codepipeline.send(
        new StopPipelineExecutionCommand({ pipelineName, pipelineExecutionId, abandon: true, reason }),
      ),
      "PipelineExecutionNotStoppableException",
      "DuplicatedStopRequestException",
    ),
  disableTransition: async (pipelineName, stageName, reason) => {
    await codepipeline.send(
      new DisableStageTransitionCommand({ pipelineName, stageName, transitionType: "Inbound", reason }),
    );
  },
  enableTransition: async (pipelineName, stageName) => {
    await codepipeline.send(
      new EnableStageTransitionCommand({ pipelineName, stageName, transitionType: "Inbound" }),
    );
  },
});

/** A pipeline's stack exists before and after the pipeline, so a missing pipeline counts as an empty list. */
async function unlessGone<T>(ask: () => Promise<readonly T[]>): Promise<readonly T[]> {
  try {
    return await ask();
  } catch (error) {
    if (isNamed(error, "PipelineNotFoundException")) return [];
    throw error;
  }
}

function executionOf(summary: PipelineExecutionSummary): Execution {
  const { pipelineExecutionId = "", status = "InProgress", startTime, lastUpdateTime } = summary;
  const revision = summary.sourceRevisions?.find(({ actionName }) => actionName === actionNames.source);
  const [versionId, template] = revision?.revisionSummary?.split(" ") ?? [];
  const stopReason = summary.stopTrigger?.reason;
  return {
    id: pipelineExecutionId,
    status,
    ...(startTime && { startedAt: startTime.toISOString() }),
    ...(lastUpdateTime && { updatedAt: lastUpdateTime.toISOString() }),
    ...(versionId !== undefined && { versionId }),
    ...(template !== undefined && { template }),
    ...(stopReason !== undefined && { stopReason }),
  };
}

function stageOf(state: StageState): StageNow {
  const { stageName = "", inboundTransitionState, inboundExecution, inboundExecutions } = state;
  const { latestExecution, actionStates = [] } = state;
  const reason = inboundTransitionState?.disabledReason;
  const waiting = inboundExecutions ?? (inboundExecution ? [inboundExecution] : []);
  return {
    name: stageName,
    inbound: {
      enabled: inboundTransitionState?.enabled ?? true,
      ...(reason !== undefined && { reason }),
    },
    waiting: waiting.flatMap(({ pipelineExecutionId }) => pipelineExecutionId ?? []),
    ...(latestExecution && {
      execution: {
        id: latestExecution.pipelineExecutionId ?? "",
        status: latestExecution.status ?? "InProgress",
      },
    }),
    ...(conditionsOf(state).some((each) => each?.latestExecution?.status === "Overridden") && {
      overridden: true,
    }),
    actions: actionStates.map(({ actionName = "", latestExecution: run }) => ({
      name: actionName,
      ...(run?.status && { status: run.status as ActionStatus }),
    })),
  };
}

/** A failure of a stage has conditions too, which no call overrides (CodePipeline API Reference, OverrideStageCondition). */
const conditionsOf = ({ beforeEntryConditionState, onSuccessConditionState }: StageState) => [
  beforeEntryConditionState,
  onSuccessConditionState,
];

async function actions(
  codepipeline: CodePipelineClient,
  pipelineName: string,
  pipelineExecutionId: string,
): Promise<readonly ActionRun[]> {
  const runs: ActionRun[] = [];
  const input = { pipelineName, filter: { pipelineExecutionId } };
  const pages = paginateListActionExecutions({ client: codepipeline }, input);
  for await (const { actionExecutionDetails = [] } of pages) runs.push(...actionExecutionDetails.map(runOf));
  return runs.reverse(); // AWS lists the newest first
}

function runOf(detail: ActionExecutionDetail): ActionRun {
  const { stageName = "", actionName = "", status = "InProgress", startTime, lastUpdateTime } = detail;
  const result = detail.output?.executionResult;
  const message = result?.errorDetails?.message ?? result?.externalExecutionSummary;
  const url = result?.externalExecutionUrl;
  const variables = detail.output?.outputVariables;
  const category = detail.input?.actionTypeId?.category;
  return {
    stage: stageName,
    action: actionName,
    status,
    ...(startTime && { startedAt: startTime.toISOString() }),
    ...(lastUpdateTime && status !== "InProgress" && { endedAt: lastUpdateTime.toISOString() }),
    ...(message && { message }),
    ...(url && { url }),
    ...(category === "Approval" && detail.updatedBy && { decider: detail.updatedBy }),
    ...(variables && Object.keys(variables).length > 0 && { variables }),
  };
}

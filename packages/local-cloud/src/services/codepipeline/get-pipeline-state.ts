/**
 * Implements GetPipelineState: for each stage the execution inside, the waiting ones, and each action's last
 * run.
 */
import type {
  ActionState,
  StageConditionState,
  StageExecution,
  StageState,
} from "@aws-sdk/client-codepipeline";
import { emptySlot, type Slot } from "#cloud/pipeline/board.ts";
import { type Action, conditionOf, type Hook, type Stage } from "#cloud/pipeline/declaration.ts";
import { currentRules, type Execution } from "#cloud/pipeline/execution.ts";
import { access, findPipeline } from "./names.ts";
import type { CodePipelineOperation } from "./operation.ts";
import type { CodePipelineState } from "./state.ts";
import { errorDetails } from "./views.ts";

export const getPipelineState: CodePipelineOperation<"GetPipelineState"> = {
  access: ({ name }, call) => access(call, "GetPipelineState", name),
  run: ({ name = "" }, call) => {
    const { declaration, created, updated } = findPipeline(call, name);
    const slots = call.state.boards.get(name)?.slots ?? {};
    // Executions of PARALLEL mode are independent of each other, so the pipeline has no common state.
    const stages = declaration.executionMode === "PARALLEL" ? [] : declaration.stages;
    return {
      pipelineName: name,
      pipelineVersion: declaration.version,
      stageStates: stages.map((stage) =>
        stageState(call.state, name, stage, slots[stage.name] ?? emptySlot()),
      ),
      created,
      updated,
    };
  },
};

function stageState(state: CodePipelineState, pipeline: string, stage: Stage, slot: Slot): StageState {
  const executions = state.executions(pipeline);
  const find = (id: string | undefined): Execution | undefined =>
    id === undefined ? undefined : executions.get(id);
  const latest = find(slot.latest);
  const run = latest?.stages[stage.name];
  const inbound = [...slot.waiting, slot.stoppedInbound].flatMap((id) => find(id) ?? []).map(inboundView);
  const transition = slot.inbound;
  const last = inbound.at(-1);
  return {
    stageName: stage.name,
    ...(last && { inboundExecution: last, inboundExecutions: inbound }),
    inboundTransitionState: {
      enabled: transition?.enabled ?? true,
      ...(transition && { lastChangedBy: transition.by, lastChangedAt: transition.at }),
      ...(transition?.enabled === false &&
        transition.reason !== undefined && { disabledReason: transition.reason }),
    },
    actionStates: stage.actions.map((action) => actionState(find, action, slot)),
    ...(latest &&
      run && { latestExecution: { pipelineExecutionId: latest.id, status: run.status, type: latest.type } }),
    ...conditionState("beforeEntryConditionState", stage, "beforeEntry", latest),
    ...conditionState("onSuccessConditionState", stage, "onSuccess", latest),
    ...conditionState("onFailureConditionState", stage, "onFailure", latest),
    ...(run?.latestRetry !== undefined && {
      retryStageMetadata: {
        ...(run.autoRetries > 0 && { autoStageRetryAttempt: run.autoRetries }),
        ...(run.manualRetries > 0 && { manualStageRetryAttempt: run.manualRetries }),
        latestRetryTrigger: run.latestRetry,
      },
    }),
  };
}

const inboundView = (execution: Execution): StageExecution => ({
  pipelineExecutionId: execution.id,
  status: execution.status === "Stopped" ? "Stopped" : "InProgress",
  type: execution.type,
});

function actionState(find: (id: string) => Execution | undefined, action: Action, slot: Slot): ActionState {
  const last = slot.runs[action.name];
  const run = last && find(last.execution)?.actions.find(({ id }) => id === last.run);
  if (run === undefined) return { actionName: action.name };
  const { details } = run;
  return {
    actionName: action.name,
    ...(details.revision && {
      currentRevision: {
        revisionId: details.revision.revisionId,
        revisionChangeId: details.revision.revisionChangeIdentifier ?? details.revision.revisionId,
        created: details.revision.created,
      },
      ...(details.revision.revisionUrl !== undefined && { revisionUrl: details.revision.revisionUrl }),
    }),
    latestExecution: {
      actionExecutionId: run.id,
      status: run.status,
      lastStatusChange: run.lastUpdateTime,
      ...(details.summary !== undefined && { summary: details.summary }),
      ...(details.token !== undefined && run.status === "InProgress" && { token: details.token }),
      ...(run.updatedBy !== undefined && { lastUpdatedBy: run.updatedBy }),
      ...(details.externalExecutionId !== undefined && { externalExecutionId: details.externalExecutionId }),
      ...(details.externalExecutionUrl !== undefined && {
        externalExecutionUrl: details.externalExecutionUrl,
      }),
      ...(details.percentComplete !== undefined && { percentComplete: details.percentComplete }),
      ...errorDetails(details),
      ...(details.logStreamArn !== undefined && { logStreamARN: details.logStreamArn }),
    },
    ...(action.configuration["ExternalEntityLink"] !== undefined && {
      entityUrl: action.configuration["ExternalEntityLink"],
    }),
  };
}

/** Lists a stage's rules, including rules without a run. */
function conditionState<K extends string>(
  key: K,
  stage: Stage,
  hook: Hook,
  latest: Execution | undefined,
): Partial<Record<K, StageConditionState>> {
  const declared = conditionOf(stage, hook);
  if (declared === undefined) return {};
  const condition = latest?.stages[stage.name]?.conditions[hook];
  const runs = latest === undefined ? [] : currentRules(latest, stage.name, hook);
  const execution = condition && {
    status: condition.status,
    ...(condition.summary !== undefined && { summary: condition.summary }),
  };
  const state: StageConditionState = {
    ...(execution && { latestExecution: execution }),
    conditionStates: [
      {
        ...(condition &&
          execution && { latestExecution: { ...execution, lastStatusChange: condition.lastStatusChange } }),
        ruleStates: declared.rules.map((rule) => {
          const run = runs.findLast((candidate) => candidate.rule === rule.name);
          return {
            ruleName: rule.name,
            ...(run && {
              latestExecution: {
                ruleExecutionId: run.id,
                status: run.status,
                lastStatusChange: run.lastUpdateTime,
                ...(run.details.summary !== undefined && { summary: run.details.summary }),
                ...errorDetails(run.details),
              },
            }),
          };
        }),
      },
    ],
  };
  return { [key]: state } as Partial<Record<K, StageConditionState>>;
}

/**
 * Implements the reads of executions: of a pipeline, its actions and its rules, and the targets of
 * deployments.
 */
import type { ActionExecutionDetail, RuleExecutionDetail } from "@aws-sdk/client-codepipeline";
import { AwsError } from "#cloud/kernel/aws-error.ts";
import type { Call } from "#cloud/kernel/service.ts";
import { conditionOf } from "#cloud/pipeline/declaration.ts";
import type { ActionRun, Execution, RuleRun, RunDetails } from "#cloud/pipeline/execution.ts";
import { engineStateOf } from "./engine.ts";
import { access, findPipeline } from "./names.ts";
import type { CodePipelineOperation } from "./operation.ts";
import { pageOf } from "./page.ts";
import type { CodePipelineState } from "./state.ts";
import { errorDetails, executionSummary, rollbackMetadata } from "./views.ts";

function findExecution(call: Call<CodePipelineState>, pipeline: string, id: string | undefined): Execution {
  const execution = call.state.executions(pipeline).get(id ?? "");
  if (execution !== undefined) return execution;
  throw new AwsError(
    "PipelineExecutionNotFoundException",
    `Execution ID '${id ?? ""}' could not be found for pipeline '${pipeline}'`,
  );
}

export const getPipelineExecution: CodePipelineOperation<"GetPipelineExecution"> = {
  access: ({ pipelineName }, call) => access(call, "GetPipelineExecution", pipelineName),
  run: ({ pipelineName = "", pipelineExecutionId }, call) => {
    findPipeline(call, pipelineName);
    const execution = findExecution(call, pipelineName, pipelineExecutionId);
    return {
      pipelineExecution: {
        pipelineName,
        pipelineVersion: execution.version,
        pipelineExecutionId: execution.id,
        status: execution.status,
        ...(execution.statusSummary !== undefined && { statusSummary: execution.statusSummary }),
        artifactRevisions: execution.revisions.map(({ actionName: _, ...revision }) => revision),
        variables: Object.entries(execution.variables).map(([name, resolvedValue]) => ({
          name,
          resolvedValue,
        })),
        trigger: execution.trigger,
        executionMode: execution.mode,
        executionType: execution.type,
        ...rollbackMetadata(execution),
      },
    };
  },
};

/** Returns a pipeline's executions, newest first. */
const newest = (call: Call<CodePipelineState>, pipeline: string): readonly Execution[] =>
  [...call.state.executions(pipeline).values()].reverse();

export const listPipelineExecutions: CodePipelineOperation<"ListPipelineExecutions"> = {
  access: ({ pipelineName }, call) => access(call, "ListPipelineExecutions", pipelineName),
  run: ({ pipelineName = "", maxResults, nextToken, filter }, call) => {
    findPipeline(call, pipelineName);
    const stage = filter?.succeededInStage?.stageName;
    const found = newest(call, pipelineName).filter(
      ({ stages }) => stage === undefined || stages[stage]?.status === "Succeeded",
    );
    const page = pageOf(found, nextToken, maxResults ?? 100);
    return { pipelineExecutionSummaries: page.items.map(executionSummary), ...page.next };
  },
};

type Filter = {
  readonly pipelineExecutionId?: string | undefined;
  readonly latestInPipelineExecution?:
    | { readonly pipelineExecutionId?: string | undefined; readonly startTimeRange?: string | undefined }
    | undefined;
};

/** Returns the runs that a filter selects, newest first. `Latest` omits the runs that a retry replaced. */
function runsOf<R extends ActionRun | RuleRun>(
  call: Call<CodePipelineState>,
  pipeline: string,
  filter: Filter | undefined,
  pick: (execution: Execution) => readonly R[],
): readonly { readonly execution: Execution; readonly run: R }[] {
  findPipeline(call, pipeline);
  const latest = filter?.latestInPipelineExecution;
  const id = filter?.pipelineExecutionId ?? latest?.pipelineExecutionId;
  const executions = id === undefined ? newest(call, pipeline) : [findExecution(call, pipeline, id)];
  return executions
    .flatMap((execution) => pick(execution).map((run) => ({ execution, run })))
    .filter(({ run }) => latest?.startTimeRange !== "Latest" || !run.replaced)
    .map((entry, index) => ({ ...entry, index }))
    .sort((a, b) => b.run.startTime.getTime() - a.run.startTime.getTime() || b.index - a.index);
}

const artifacts = (list: RunDetails["inputs"]) =>
  (list ?? []).map(({ name, place }) => ({ name, s3location: { bucket: place.bucket, key: place.key } }));

const result = (details: RunDetails) => ({
  ...(details.externalExecutionId !== undefined && { externalExecutionId: details.externalExecutionId }),
  ...(details.summary !== undefined && { externalExecutionSummary: details.summary }),
  ...(details.externalExecutionUrl !== undefined && { externalExecutionUrl: details.externalExecutionUrl }),
  ...errorDetails(details),
  ...(details.logStreamArn !== undefined && { logStreamARN: details.logStreamArn }),
});

export const listActionExecutions: CodePipelineOperation<"ListActionExecutions"> = {
  access: ({ pipelineName }, call) => access(call, "ListActionExecutions", pipelineName),
  run: ({ pipelineName = "", filter, maxResults, nextToken }, call) => {
    const page = pageOf(
      runsOf(call, pipelineName, filter, ({ actions }) => actions),
      nextToken,
      maxResults ?? 100,
    );
    const engineState = engineStateOf(call.state, pipelineName);
    const view = ({
      execution,
      run,
    }: {
      readonly execution: Execution;
      readonly run: ActionRun;
    }): ActionExecutionDetail => {
      const declared = engineState
        ?.stagesOf(execution.version)
        .find(({ name }) => name === run.stage)
        ?.actions.find(({ name }) => name === run.action);
      const { details } = run;
      return {
        pipelineExecutionId: execution.id,
        actionExecutionId: run.id,
        pipelineVersion: execution.version,
        stageName: run.stage,
        actionName: run.action,
        startTime: run.startTime,
        lastUpdateTime: run.lastUpdateTime,
        ...(run.updatedBy !== undefined && { updatedBy: run.updatedBy }),
        status: run.status,
        input: {
          ...(declared && {
            actionTypeId: declared.actionTypeId,
            configuration: { ...declared.configuration },
          }),
          ...(details.resolvedConfiguration && {
            resolvedConfiguration: { ...details.resolvedConfiguration },
          }),
          ...(details.roleArn !== undefined && { roleArn: details.roleArn }),
          region: declared?.region ?? call.region,
          inputArtifacts: artifacts(details.inputs),
          ...(declared?.namespace !== undefined && { namespace: declared.namespace }),
        },
        ...(run.status === "InProgress" && details.externalExecutionId === undefined
          ? {}
          : {
              output: {
                outputArtifacts: artifacts(run.status === "Succeeded" ? details.outputs : []),
                executionResult: result(details),
                outputVariables: { ...details.outputVariables },
              },
            }),
      };
    };
    return { actionExecutionDetails: page.items.map(view), ...page.next };
  },
};

export const listRuleExecutions: CodePipelineOperation<"ListRuleExecutions"> = {
  access: ({ pipelineName }, call) => access(call, "ListRuleExecutions", pipelineName),
  run: ({ pipelineName = "", filter, maxResults, nextToken }, call) => {
    const page = pageOf(
      runsOf(call, pipelineName, filter, ({ rules }) => rules),
      nextToken,
      maxResults ?? 100,
    );
    const engineState = engineStateOf(call.state, pipelineName);
    const view = ({
      execution,
      run,
    }: {
      readonly execution: Execution;
      readonly run: RuleRun;
    }): RuleExecutionDetail => {
      const stage = engineState?.stagesOf(execution.version).find(({ name }) => name === run.stage);
      const declared = stage && conditionOf(stage, run.hook)?.rules.find(({ name }) => name === run.rule);
      const { details } = run;
      return {
        pipelineExecutionId: execution.id,
        ruleExecutionId: run.id,
        pipelineVersion: execution.version,
        stageName: run.stage,
        ruleName: run.rule,
        startTime: run.startTime,
        lastUpdateTime: run.lastUpdateTime,
        status: run.status,
        input: {
          ...(declared && { ruleTypeId: declared.ruleTypeId, configuration: { ...declared.configuration } }),
          ...(details.resolvedConfiguration && {
            resolvedConfiguration: { ...details.resolvedConfiguration },
          }),
          ...(details.roleArn !== undefined && { roleArn: details.roleArn }),
          region: declared?.region ?? call.region,
          inputArtifacts: artifacts(details.inputs),
        },
        ...(run.status !== "InProgress" && { output: { executionResult: result(details) } }),
      };
    };
    return { ruleExecutionDetails: page.items.map(view), ...page.next };
  },
};

/** Returns no targets: only EC2 deploy actions have targets, and this cloud has no such actions. */
export const listDeployActionExecutionTargets: CodePipelineOperation<"ListDeployActionExecutionTargets"> = {
  access: ({ pipelineName }, call) => access(call, "ListDeployActionExecutionTargets", pipelineName),
  run: ({ pipelineName, actionExecutionId }, call) => {
    const pipelines =
      pipelineName === undefined
        ? [...call.state.pipelines.keys()]
        : [findPipeline(call, pipelineName).declaration.name];
    const known = pipelines.some((name) =>
      [...call.state.executions(name).values()].some(({ actions }) =>
        actions.some(({ id }) => id === actionExecutionId),
      ),
    );
    if (known) return { targets: [] };
    throw new AwsError(
      "ActionExecutionNotFoundException",
      `The action execution '${actionExecutionId ?? ""}' was not found`,
    );
  },
};

/** Publishes state changes of pipelines, stages and actions as EventBridge events. */
import type { Effect } from "#cloud/pipeline/draft.ts";
import type { ActionRun, Execution } from "#cloud/pipeline/execution.ts";
import type { Context, Line } from "./engine.ts";
import { pipelineArn } from "./names.ts";

type Event = Extract<Effect, { readonly kind: "event" }>;

const levels = { pipeline: "Pipeline", stage: "Stage", action: "Action" } as const;

export function emit(engine: Context, line: Line, event: Event): void {
  const state = engine.stateOf(line.account, line.region);
  const execution = state.executions(line.pipeline).get(event.execution);
  if (execution === undefined) return;
  const run = execution.actions.find(({ id }) => id === event.run);
  engine.cloud.emit({
    source: "aws.codepipeline",
    detailType: `CodePipeline ${levels[event.level]} Execution State Change`,
    account: line.account,
    region: line.region,
    resources: [pipelineArn(line, line.pipeline)],
    detail: {
      pipeline: line.pipeline,
      "execution-id": execution.id,
      "start-time": (run?.startTime ?? execution.startTime).toISOString(),
      ...(event.stage !== undefined && { stage: event.stage }),
      ...(run !== undefined && actionDetail(engine, line, execution, run)),
      ...(event.level === "pipeline" &&
        event.state === "STARTED" && {
          "execution-trigger": {
            "trigger-type": execution.trigger.triggerType,
            "trigger-detail": execution.trigger.triggerDetail,
          },
        }),
      ...(event.state === "STOPPING" &&
        event.level === "pipeline" && { "stop-execution-comments": execution.stop?.reason ?? "" }),
      state: event.state,
      version: execution.version,
      "pipeline-execution-attempt": execution.attempt,
      ...stageRetry(execution, event),
    },
  });
}

const stageRetry = (execution: Execution, { level, stage }: Event): object => {
  const retried = level === "stage" ? execution.stages[stage ?? ""]?.lastRetryTime : undefined;
  return retried === undefined ? {} : { "stage-last-retry-attempt-time": retried.toISOString() };
};

function actionDetail({ stateOf }: Context, line: Line, execution: Execution, run: ActionRun): object {
  const state = stateOf(line.account, line.region);
  const row = state.pipelines.get(line.pipeline);
  const stages =
    (row?.declaration.version === execution.version
      ? row.declaration
      : state.versions.get(`${line.pipeline}@${execution.version}`)
    )?.stages ?? [];
  const action = stages
    .find(({ name }) => name === run.stage)
    ?.actions.find(({ name }) => name === run.action);
  const { details } = run;
  const artifacts = (list: typeof details.inputs) =>
    (list ?? []).map(({ name, place }) => ({ name, s3location: { bucket: place.bucket, key: place.key } }));
  return {
    "action-execution-id": run.id,
    action: run.action,
    region: action?.region ?? line.region,
    type: {
      owner: action?.actionTypeId.owner,
      provider: action?.actionTypeId.provider,
      category: action?.actionTypeId.category,
      version: action?.actionTypeId.version,
    },
    ...(details.inputs && { "input-artifacts": artifacts(details.inputs) }),
    ...(details.outputs && { "output-artifacts": artifacts(details.outputs) }),
    ...(run.status !== "InProgress" && {
      "execution-result": {
        ...(details.externalExecutionUrl !== undefined && {
          "external-execution-url": details.externalExecutionUrl,
        }),
        ...(details.externalExecutionId !== undefined && {
          "external-execution-id": details.externalExecutionId,
        }),
        ...((details.error?.message ?? details.summary) !== undefined && {
          "external-execution-summary": details.error?.message ?? details.summary,
        }),
        ...(details.error !== undefined && { "error-code": details.error.code }),
      },
    }),
  };
}

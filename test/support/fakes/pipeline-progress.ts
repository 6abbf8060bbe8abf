/** The steps of the fake pipelines: the end of a stack's operation, and the progress of an execution by one stage. */
import type { ActionRun } from "#release/line/observation.ts";
import { cacheKeys, lineNameOfPipeline } from "#release/names/names.ts";
import type { Plan } from "#release/plan/plan.ts";
import { secretsVariable } from "#release/stack/secret-use.ts";
import {
  begin,
  finish,
  type Happening,
  type Pipeline,
  type PipelineState,
  type Run,
} from "./pipeline-state.ts";

/** Ends the operation of a pipeline's stack. Returns undefined when there is none. */
export function endStack(state: PipelineState, name: string, pipeline: Pipeline): Happening | undefined {
  switch (pipeline.status) {
    case "CREATE_IN_PROGRESS":
      if (state.uncreatable.delete(name)) pipeline.status = "ROLLBACK_COMPLETE";
      else {
        pipeline.status = "CREATE_COMPLETE";
        begin(state, name, newestBundle(state, name));
      }
      break;
    case "UPDATE_IN_PROGRESS":
      pipeline.status = "UPDATE_COMPLETE";
      for (const run of pipeline.runs) {
        if (run.status === "InProgress") finish(state, name, run, "Cancelled");
      }
      break;
    case "DELETE_IN_PROGRESS":
      state.pipelines.delete(name);
      break;
    default:
      return undefined;
  }
  return { cause: "stack", pipeline: name };
}

const newestBundle = ({ cache }: PipelineState, name: string): string =>
  cache.objects.get(cacheKeys.bundle(lineNameOfPipeline(name) ?? ""))?.at(-1)?.id ?? "none";

/** Lets an execution make one step. Returns false when it has to wait. */
export function advance(state: PipelineState, pipeline: Pipeline, run: Run): boolean {
  const stage = pipeline.plan.stages[run.stage];
  if (run.status === "Stopping") run.status = "Stopped";
  else if (run.status !== "InProgress" || run.at === "approval" || stage === undefined) return false;
  else if (run.at === "waiting") {
    if (pipeline.closed.has(stage.name)) return false;
    if (pipeline.runs.some((other) => other !== run && holds(other, run.stage))) return false;
    run.at = stage.actions.some(({ type }) => type === "approve") ? "approval" : "working";
  } else work(state, pipeline, run, stage);
  return true;
}

const holds = (run: Run, stage: number): boolean =>
  run.status === "InProgress" && run.stage === stage && run.at !== "waiting";

type Stage = Plan["stages"][number];

/** Runs the actions of a stage. */
function work(state: PipelineState, pipeline: Pipeline, run: Run, stage: Stage): void {
  readSource(state, run, stage);
  const execute = stage.actions.find(({ type }) => type === "execute" || type === "execute-cleared");
  const failure = state.failing.get(stage.name);
  const status = failure !== undefined && execute ? "Failed" : "Succeeded";
  run.actions.push(
    ...stage.actions.map(
      (action): ActionRun => ({
        stage: stage.name,
        action: action.name,
        status: action === execute ? status : "Succeeded",
        ...(action.type === "prepare" && { variables: secretsVariable(false) }),
        ...(action.type === "execute-cleared" && { variables: { KedgeVersion: run.versionId ?? "" } }),
        ...(action === execute && status === "Failed" && { message: "The stack is rolled back." }),
      }),
    ),
  );
  if (execute?.type === "execute" || execute?.type === "execute-cleared") {
    const broken = { status: "ROLLBACK_COMPLETE", ...(failure !== undefined && { failure }) };
    const outputs = { KedgeVersion: run.versionId ?? "" };
    const result = status === "Failed" ? broken : { status: "CREATE_COMPLETE", outputs };
    state.applications.set(execute.target, execute.stackName, result);
  }
  if (status === "Failed") run.status = "Failed";
  else if (run.stage === pipeline.plan.stages.length - 1) run.status = "Succeeded";
  else enterNextStage(state, pipeline, run);
}

function readSource({ cache }: PipelineState, run: Run, stage: Stage): void {
  const source = stage.actions.find(({ type }) => type === "source");
  if (source?.type !== "source") return;
  const [versionId, template] = cache.summaryOf(source.key, run.bundle)?.split(" ") ?? [];
  if (versionId !== undefined) run.versionId = versionId;
  if (template !== undefined) run.template = template;
}

/** The newest of the waiting executions supersedes the others. */
function enterNextStage(state: PipelineState, { plan, runs }: Pipeline, run: Run): void {
  run.stage += 1;
  run.at = "waiting";
  const waiting = runs.filter(
    (each) => each.status === "InProgress" && each.stage === run.stage && each.at === "waiting",
  );
  // Runs are listed newest first.
  for (const older of waiting.slice(1)) finish(state, plan.pipeline, older, "Superseded");
}

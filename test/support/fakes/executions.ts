/** The executions of the fake pipelines, and the transitions between their stages. */
import type { Executions } from "#ports/executions.ts";
import type { Execution, StageNow } from "#release/line/observation.ts";
import { actionNames } from "#release/plan/plan.ts";
import { begin, type Pipeline, type PipelineState, pipelineAt, type Run } from "./pipeline-state.ts";

export function memoryExecutions(state: PipelineState): Executions {
  const { pipelines } = state;
  const at = (name: string): Pipeline => pipelineAt(state, name);
  return {
    list: async (name) => (pipelines.get(name)?.runs ?? []).map(executionOf),
    stages: async (name) => {
      const pipeline = pipelines.get(name);
      const there =
        pipeline !== undefined && !["CREATE_IN_PROGRESS", "ROLLBACK_COMPLETE"].includes(pipeline.status);
      return there ? pipeline.plan.stages.map((_, index) => stageNow(pipeline, index)) : [];
    },
    actions: async (name, id) => at(name).runs.find((run) => run.id === id)?.actions ?? [],
    start: async ({ pipeline, bundle, token }) => {
      const { tokens } = at(pipeline);
      if (!tokens.has(token)) tokens.set(token, begin(state, pipeline, bundle));
    },
    stop: async (name, id, reason) => {
      const run = at(name).runs.find((each) => each.id === id);
      if (run?.status !== "InProgress") return;
      run.status = "Stopping";
      run.stopReason = reason;
    },
    disableTransition: async (name, stage, reason) => void at(name).closed.set(stage, reason),
    enableTransition: async (name, stage) => void at(name).closed.delete(stage),
  };
}

const executionOf = ({ id, status, versionId, template, stopReason }: Run): Execution => ({
  id,
  status,
  ...(versionId !== undefined && { versionId }),
  ...(template !== undefined && { template }),
  ...(stopReason !== undefined && { stopReason }),
});

function stageNow({ plan, runs, closed }: Pipeline, index: number): StageNow {
  const stage = plan.stages[index];
  const name = stage?.name ?? "";
  const inside = runs.find(
    (run) => run.stage === index && run.at !== "waiting" && run.status !== "Superseded",
  );
  const reason = closed.get(name);
  const approving = inside?.at === "approval";
  return {
    name,
    inbound: { enabled: reason === undefined, ...(reason !== undefined && { reason }) },
    waiting: runs
      .filter((run) => run.status === "InProgress" && run.stage === index && run.at === "waiting")
      .map(({ id }) => id),
    ...(inside && { execution: { id: inside.id, status: inside.status } }),
    actions: (stage?.actions ?? []).map((action) => ({
      name: action.name,
      ...(approving && action.name === actionNames.approve && { status: "InProgress" as const }),
    })),
  };
}

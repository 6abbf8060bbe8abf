/**
 * Pipeline stacks and their SUPERSEDED executions, in memory. The fake changes only on request: `settleOne`
 * makes the next change and returns what an event would say about it.
 */
import type { Executions } from "#ports/executions.ts";
import type { PipelineStacks } from "#ports/pipeline-stacks.ts";
import { stackPhase } from "#release/stack/stack-status.ts";
import type { MemoryApplications } from "./applications.ts";
import { memoryExecutions } from "./executions.ts";
import { advance, endStack } from "./pipeline-progress.ts";
import { memoryPipelineStacks } from "./pipeline-stacks.ts";
import type { Happening, PipelineState } from "./pipeline-state.ts";
import type { MemoryCache } from "./storage.ts";

type MemoryPipelines = Pick<PipelineState, "pipelines" | "failing" | "uncreatable" | "started"> & {
  readonly stacks: PipelineStacks;
  readonly executions: Executions;
  readonly settleOne: () => Happening | undefined;
  readonly approveAll: () => void;
};

export function memoryPipelines(cache: MemoryCache, applications: MemoryApplications): MemoryPipelines {
  const state: PipelineState = {
    cache,
    applications,
    pipelines: new Map(),
    failing: new Map(),
    uncreatable: new Set(),
    started: [],
    untold: [],
  };
  const { pipelines, failing, uncreatable, started, untold } = state;
  return {
    ...{ pipelines, failing, uncreatable, started },
    stacks: memoryPipelineStacks(state),
    executions: memoryExecutions(state),
    approveAll: () => {
      for (const { runs } of pipelines.values())
        for (const run of runs) if (run.status === "InProgress" && run.at === "approval") run.at = "working";
    },
    settleOne: () => {
      const news = untold.shift();
      if (news !== undefined) return news;
      for (const [name, pipeline] of pipelines) {
        const happening = endStack(state, name, pipeline);
        if (happening !== undefined) return happening;
        if (stackPhase(pipeline.status) === "broken") continue;
        const moved = pipeline.runs.toReversed().find((run) => advance(state, pipeline, run));
        if (moved !== undefined) return { cause: "pipeline", pipeline: name, executionId: moved.id };
      }
      return undefined;
    },
  };
}

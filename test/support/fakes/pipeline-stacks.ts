/** The stacks of the fake pipelines. Their templates are plans in JSON, as the fake anchor's `render` writes them. */
import type { PipelineStacks } from "#ports/pipeline-stacks.ts";
import type { Plan } from "#release/plan/plan.ts";
import { stackPhase } from "#release/stack/stack-status.ts";
import { type PipelineState, pipelineAt } from "./pipeline-state.ts";

export function memoryPipelineStacks(state: PipelineState): PipelineStacks {
  const { pipelines } = state;
  const tokens = new Set<string>();
  return {
    describe: async (name) => {
      const pipeline = pipelines.get(name);
      if (pipeline === undefined) return undefined;
      const { status, input } = pipeline;
      const { planDigest, releaseTemplate: template, token } = input;
      const failed = stackPhase(status) === "broken";
      return {
        ...{ name, status },
        planDigest,
        template,
        ...(failed && { lastToken: token, failure: "It was made to fail." }),
      };
    },
    create: async (input) => {
      if (pipelines.has(input.name)) return;
      const plan = JSON.parse(input.template) as Plan;
      pipelines.set(input.name, {
        status: "CREATE_IN_PROGRESS",
        input,
        plan,
        runs: [],
        closed: new Map(),
        tokens: new Map(),
      });
    },
    update: async (input) => {
      if (tokens.has(input.token)) return;
      tokens.add(input.token);
      const pipeline = pipelineAt(state, input.name);
      pipeline.status = "UPDATE_IN_PROGRESS";
      pipeline.input = input;
      pipeline.plan = JSON.parse(input.template) as Plan;
    },
    remove: async (name) => {
      const pipeline = pipelines.get(name);
      if (pipeline !== undefined) pipeline.status = "DELETE_IN_PROGRESS";
    },
  };
}

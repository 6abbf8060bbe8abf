/**
 * Passes a command to the pipeline engine, stores the changed executions, and performs the engine's effects.
 */
import { randomUUID } from "node:crypto";
import type { Effect } from "#cloud/pipeline/draft.ts";
import { apply, type Command } from "#cloud/pipeline/engine.ts";
import { emit } from "./emit.ts";
import { type Context, engineStateOf, type Line } from "./engine.ts";
import type { CodePipelineState } from "./state.ts";

/** Performs one run of an action or a rule. */
type Perform = (
  line: Line,
  run: Extract<Effect, { readonly kind: "run-action" | "run-rule" }>,
) => Promise<void>;

const MONTHS_12 = 365 * 24 * 3600_000;

/** Returns the id of the execution, or an empty string when the pipeline was deleted meanwhile. */
export function drive(engine: Context, line: Line, command: Command, perform: Perform): string {
  const state = engine.stateOf(line.account, line.region);
  const engineState = engineStateOf(state, line.pipeline);
  if (engineState === undefined) return "";
  const applied = apply(engineState, command, { now: engine.clock.now(), newId: randomUUID });
  const executions = state.executions(line.pipeline);
  for (const execution of applied.executions) executions.set(execution.id, execution);
  state.boards.set(line.pipeline, applied.board);
  if (command.kind === "start") deleteOldExecutions(engine, line);
  for (const effect of applied.effects) {
    switch (effect.kind) {
      case "run-action":
      case "run-rule":
        engine.cloud.spawn(`codepipeline ${line.pipeline}`, () => perform(line, effect));
        break;
      case "drop":
        dropJobs(state, effect.run);
        break;
      case "event":
        emit(engine, line, effect);
        break;
    }
  }
  return applied.answer;
}

/** Deletes the jobs of a dropped run. A worker that reports on one gets JobNotFoundException. */
function dropJobs(state: CodePipelineState, run: string): void {
  for (const job of [...state.jobs.values()]) if (job.run === run) state.jobs.delete(job.id);
}

/**
 * Deletes executions after 12 months, as CodePipeline does (CodePipeline API Reference,
 * ListPipelineExecutions).
 */
function deleteOldExecutions({ clock, stateOf }: Context, { account, region, pipeline }: Line): void {
  const executions = stateOf(account, region).executions(pipeline);
  const limit = clock.now().getTime() - MONTHS_12;
  for (const execution of [...executions.values()]) {
    if (execution.startTime.getTime() >= limit) return;
    if (execution.place === "ended") executions.delete(execution.id);
  }
}

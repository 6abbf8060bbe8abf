/**
 * Defines the context in which this service drives pipelines, and reads one pipeline's state for the pure
 * engine.
 */
import type { Clock } from "#cloud/kernel/clock.ts";
import type { Cloud } from "#cloud/kernel/cloud-type.ts";
import { type EngineState, emptyBoard } from "#cloud/pipeline/board.ts";
import type { Command } from "#cloud/pipeline/engine.ts";
import type { Location } from "./names.ts";
import type { CodePipelineState } from "./state.ts";

/** The members that an operation's call and the service's start context have in common. */
export type Context = {
  readonly cloud: Cloud;
  readonly clock: Clock;
  readonly stateOf: (account: string, region: string) => CodePipelineState;
};

/** A pipeline by account, region and name. */
export type Line = Location & { readonly pipeline: string };

export type Engine = Context & {
  /** Returns the id of the execution, or an empty string when the pipeline was deleted meanwhile. */
  readonly drive: (line: Line, command: Command) => string;
};

export function engineStateOf(state: CodePipelineState, pipeline: string): EngineState | undefined {
  const row = state.pipelines.get(pipeline);
  if (row === undefined) return undefined;
  const { declaration } = row;
  return {
    declaration,
    board: state.boards.get(pipeline) ?? emptyBoard(),
    executions: state.executions(pipeline),
    stagesOf: (version) =>
      (version === declaration.version ? declaration : state.versions.get(`${pipeline}@${version}`))
        ?.stages ?? [],
  };
}

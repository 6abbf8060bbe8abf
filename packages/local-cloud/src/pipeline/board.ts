/** The part of a pipeline that its executions compete for: who holds each stage, who waits, what is disabled. */
import type { Declaration, Stage } from "./declaration.ts";
import type { Execution } from "./execution.ts";

export type Transition = {
  readonly enabled: boolean;
  readonly reason?: string;
  readonly by: string;
  readonly at: Date;
};

export type Slot = {
  /** The execution inside, which holds the stage's lock. */
  occupant?: string;
  /** Those in front of it, in order of arrival. */
  waiting: string[];
  /** The last one that entered. */
  latest?: string;
  /** One that was stopped while it waited: shown until another arrives. */
  stoppedInbound?: string;
  inbound?: Transition;
  outbound?: Transition;
  /** The last run of each action, whatever execution it was of. */
  runs: Record<string, { readonly execution: string; readonly run: string }>;
};

export type Board = { slots: Record<string, Slot> };

/** All that the engine looks at. */
export type EngineState = {
  readonly declaration: Declaration;
  readonly board: Board;
  readonly executions: {
    readonly get: (id: string) => Execution | undefined;
    /** In order of their start. */
    readonly values: () => Iterable<Execution>;
  };
  /** The stages as an execution's version of the pipeline has them. */
  readonly stagesOf: (version: number) => readonly Stage[];
};

export const emptyBoard = (): Board => ({ slots: {} });

export const emptySlot = (): Slot => ({ waiting: [], runs: {} });

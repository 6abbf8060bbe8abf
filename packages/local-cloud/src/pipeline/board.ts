/**
 * Defines the state that a pipeline's executions share: the execution that holds each stage, the waiting
 * executions, and the disabled transitions.
 */
import type { Declaration, Stage } from "./declaration.ts";
import type { Execution } from "./execution.ts";

export type Transition = {
  readonly enabled: boolean;
  readonly reason?: string;
  readonly by: string;
  readonly at: Date;
};

export type Slot = {
  /** The execution inside the stage. It holds the stage's lock. */
  occupant?: string;
  /** The executions in front of the stage, in order of arrival. */
  waiting: string[];
  /** The execution that entered last. */
  latest?: string;
  /**
   * An execution that was stopped while it waited. GetPipelineState shows it until another execution
   * arrives.
   */
  stoppedInbound?: string;
  inbound?: Transition;
  outbound?: Transition;
  /** The last run of each action, in any execution. */
  runs: Record<string, { readonly execution: string; readonly run: string }>;
};

export type Board = { slots: Record<string, Slot> };

/** All state that the engine reads. */
export type EngineState = {
  readonly declaration: Declaration;
  readonly board: Board;
  readonly executions: {
    readonly get: (id: string) => Execution | undefined;
    /** The executions in order of their start. */
    readonly values: () => Iterable<Execution>;
  };
  /** The stages in the version of the pipeline that an execution runs. */
  readonly stagesOf: (version: number) => readonly Stage[];
};

export const emptyBoard = (): Board => ({ slots: {} });

export const emptySlot = (): Slot => ({ waiting: [], runs: {} });

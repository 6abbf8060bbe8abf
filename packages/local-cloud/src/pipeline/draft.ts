/**
 * Holds the engine's working copy. The draft clones an execution before the engine changes it, and `close`
 * returns only the changed ones.
 */
import { type Board, type EngineState, emptySlot, type Slot } from "./board.ts";
import type { Declaration, Stage } from "./declaration.ts";
import type { Execution } from "./execution.ts";

export type EventState =
  | "STARTED"
  | "SUCCEEDED"
  | "RESUMED"
  | "FAILED"
  | "STOPPING"
  | "STOPPED"
  | "CANCELED"
  | "SUPERSEDED"
  | "ABANDONED";

/** Work that the engine asks its driver to do. */
export type Effect =
  | { readonly kind: "run-action"; readonly execution: string; readonly run: string }
  | { readonly kind: "run-rule"; readonly execution: string; readonly run: string }
  | { readonly kind: "drop"; readonly run: string }
  | {
      readonly kind: "event";
      readonly level: "pipeline" | "stage" | "action";
      readonly state: EventState;
      readonly execution: string;
      readonly stage?: string;
      readonly run?: string;
    };

export type Draft = {
  readonly now: Date;
  readonly newId: () => string;
  declaration: Declaration;
  readonly board: Board;
  readonly slot: (stage: string) => Slot;
  readonly execution: (id: string) => Execution | undefined;
  readonly add: (execution: Execution) => void;
  /** Returns all executions in order of their start, with the changes so far. */
  readonly all: () => readonly Execution[];
  readonly stagesOf: (execution: Execution) => readonly Stage[];
  readonly stageOf: (execution: Execution) => Stage;
  /** The executions that entered a stage and have not started its work yet. */
  readonly entered: string[];
  readonly effect: (effect: Effect) => void;
  readonly emit: (
    state: EventState,
    execution: Execution,
    at?: { readonly stage?: string; readonly run?: string },
  ) => void;
};

export type Change = {
  readonly board: Board;
  readonly declaration: Declaration;
  readonly executions: readonly Execution[];
  readonly effects: readonly Effect[];
};

export function openDraft(
  engineState: EngineState,
  time: { readonly now: Date; readonly newId: () => string },
): { readonly draft: Draft; readonly close: () => Change } {
  const touched = new Map<string, Execution>();
  const effects: Effect[] = [];
  const board = structuredClone(engineState.board);
  const stagesOf = (execution: Execution): readonly Stage[] => engineState.stagesOf(execution.version);
  const execution = (id: string): Execution | undefined => {
    const known = touched.get(id);
    if (known !== undefined) return known;
    const stored = engineState.executions.get(id);
    if (stored === undefined) return undefined;
    const copy = structuredClone(stored);
    touched.set(id, copy);
    return copy;
  };
  const draft: Draft = {
    ...time,
    declaration: engineState.declaration,
    board,
    slot: (stage) => {
      const slot = board.slots[stage] ?? emptySlot();
      board.slots[stage] = slot;
      return slot;
    },
    execution,
    add: (added) => void touched.set(added.id, added),
    all: () => {
      const stored = [...engineState.executions.values()].map(({ id }) => id);
      const added = [...touched.keys()].filter((id) => engineState.executions.get(id) === undefined);
      return [...stored, ...added].flatMap((id) => touched.get(id) ?? engineState.executions.get(id) ?? []);
    },
    entered: [],
    stagesOf,
    stageOf: (of) => stagesOf(of).find(({ name }) => name === of.stage) ?? { name: of.stage, actions: [] },
    effect: (effect) => void effects.push(effect),
    emit: (state, of, at = {}) => {
      const level = at.run !== undefined ? "action" : at.stage !== undefined ? "stage" : "pipeline";
      effects.push({ kind: "event", level, state, execution: of.id, ...at });
    },
  };
  return {
    draft,
    close: () => ({ board, declaration: draft.declaration, executions: [...touched.values()], effects }),
  };
}

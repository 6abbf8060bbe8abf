/** The types of a stage before its actions have their order: steps, and the content that a release template gives. */
import type { Action } from "./plan.ts";

/** An action before it has its place: the steps of a stage follow each other, those of a list stand side by side. */
export type Unordered = Action extends infer Each
  ? Each extends Action
    ? Omit<Each, "order">
    : never
  : never;

export type Steps = readonly (Unordered | readonly Unordered[])[];

export type StageContent = { readonly steps: Steps; readonly rollback?: true };

/** One call somebody has to be able to make, and how we know. */
import { inFurtherRegion } from "#access/place.ts";

export type Need = {
  /** A role's name, or a service's. */
  readonly who: string;
  readonly action: string;
  /** Kinds of places, all of them. */
  readonly at: readonly string[];
  readonly why: string;
};

/** At home and in every further region. */
export const everywhere = (kinds: readonly string[]): readonly string[] => [
  ...kinds,
  ...kinds.map(inFurtherRegion),
];

export const needs = (who: string, actions: string, at: readonly string[], why: string): readonly Need[] =>
  actions.split(/\s+/).map((action) => ({ who, action, at, why }));

/** One call somebody has to be able to make, and how we know. */

export type Need = {
  /** A role's name, or a service's. */
  readonly who: string;
  readonly action: string;
  /** Kinds of places, all of them. */
  readonly at: readonly string[];
  readonly why: string;
};

export const needs = (who: string, actions: string, at: readonly string[], why: string): readonly Need[] =>
  actions.split(/\s+/).map((action) => ({ who, action, at, why }));

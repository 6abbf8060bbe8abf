/** Describes a call that a principal must be able to make, and the reason. */
import { inFurtherRegion } from "#access/resource.ts";

export type Need = {
  /** The name of a role or a service. */
  readonly who: string;
  readonly action: string;
  /** Kinds of resources; the principal needs all of them. */
  readonly at: readonly string[];
  readonly why: string;
};

/** These kinds in the anchor's region and in every further region. */
export const everywhere = (kinds: readonly string[]): readonly string[] => [
  ...kinds,
  ...kinds.map(inFurtherRegion),
];

export const needs = (who: string, actions: string, at: readonly string[], why: string): readonly Need[] =>
  actions.split(/\s+/).map((action) => ({ who, action, at, why }));

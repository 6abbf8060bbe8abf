/** Describes an invariant: a rule that objects to a call that is possible and must not be. */
import type { Analysis } from "#access/analysis.ts";
import type { Probe } from "#access/relation.ts";

export type Invariant = {
  readonly name: string;
  readonly sentence: string;
  /** The reason why the call must not be possible; undefined when it may be. */
  readonly objection: (probe: Probe, about: Analysis) => string | undefined;
};

/** A sentence that must hold of every call there could be: it objects to a call that is possible and must not be. */
import type { Analysis } from "#access/analysis.ts";
import type { Probe } from "#access/relation.ts";

export type Invariant = {
  readonly name: string;
  readonly sentence: string;
  /** Why the call must not be possible; nothing when it may be. */
  readonly objection: (probe: Probe, about: Analysis) => string | undefined;
};

/** Whether a call is one that somebody needs to make. */
import type { Need } from "#access/needs/need.ts";
import type { Probe } from "#access/relation.ts";

export const neededBy = (needs: readonly Need[], { actor, action, place }: Probe): Need | undefined =>
  needs.find(
    (need) =>
      need.action === action &&
      (need.who === actor.name || need.who === actor.id) &&
      need.at.includes(place.kind),
  );

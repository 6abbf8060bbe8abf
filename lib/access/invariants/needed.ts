/** Whether a call is one that somebody needs to make. */
import type { Need } from "#access/needs/need.ts";
import { calledIn } from "#access/place.ts";
import type { Probe } from "#access/relation.ts";

/** A place as needs name it: its kind, whether it is at home, and the part of it. */
export const placeName = ({ place, variant }: Probe): string => `${calledIn(place)}${variant.part ?? ""}`;

export const neededBy = (needs: readonly Need[], probe: Probe): Need | undefined =>
  needs.find(
    (need) =>
      need.action === probe.action &&
      (need.who === probe.actor.name || need.who === probe.actor.id) &&
      need.at.includes(placeName(probe)),
  );

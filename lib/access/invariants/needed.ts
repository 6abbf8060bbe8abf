/** Finds the need that a call meets. */
import type { Need } from "#access/needs/need.ts";
import type { Probe } from "#access/relation.ts";
import { calledIn } from "#access/resource.ts";

/** The name of a resource in needs: its kind, its region and its section. */
export const resourceName = ({ resource, variant }: Probe): string =>
  `${calledIn(resource)}${variant.section ?? ""}`;

export const neededBy = (needs: readonly Need[], probe: Probe): Need | undefined =>
  needs.find(
    (need) =>
      need.action === probe.action &&
      (need.who === probe.actor.name || need.who === probe.actor.id) &&
      need.at.includes(resourceName(probe)),
  );

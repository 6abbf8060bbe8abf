/** A role may do what is called in its name, and nothing that is not. */

import { acceptedBecause } from "#access/needs/accepted.ts";
import { worksInFurtherRegions } from "#access/standing.ts";
import { roles } from "#release/names/deployed-names.ts";
import type { Invariant } from "./invariant.ts";
import { neededBy } from "./needed.ts";

/** What CloudFormation calls for a resource type is AWS's business and changes with it: other invariants bound these. */
export const inexact: ReadonlySet<string> = new Set([
  roles.launch,
  roles.cloudformation,
  roles.pipelineStack,
]);

export const exactCalls: Invariant = {
  name: "exact-calls",
  sentence:
    "Each Lambda may make exactly the calls its code can send; pipelines, builds, CIs, approvers and provisioners exactly those of their work.",
  objection: (probe, { needs, standings }) => {
    const { actor } = probe;
    if (actor.kind !== "role" || inexact.has(actor.name)) return undefined;
    const there = !probe.place.further || worksInFurtherRegions(standings, actor.account);
    const called = there && neededBy(needs, probe) !== undefined;
    if (called || acceptedBecause(probe) !== undefined) return undefined;
    return `nothing ${actor.name} does calls it`;
  },
};

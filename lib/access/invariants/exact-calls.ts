/** Checks that a role may make exactly the calls that are made with it. */

import { worksInFurtherRegions } from "#access/account-role.ts";
import { acceptedBecause } from "#access/needs/accepted.ts";
import { aKeyOfParameters } from "#access/resource.ts";
import { roles } from "#release/names/deployed-names.ts";
import type { Invariant } from "./invariant.ts";
import { neededBy } from "./needed.ts";

/**
 * CloudFormation decides which calls a resource type needs, and changes them; so do Terraform's providers. Other
 * invariants limit these roles.
 */
export const inexact: ReadonlySet<string> = new Set([
  roles.launch,
  roles.cloudformation,
  roles.pipelineStack,
  roles.plan,
]);

export const exactCalls: Invariant = {
  name: "exact-calls",
  sentence:
    "Each Lambda may make exactly the calls that its code can send, and each role of people the calls of their commands, of the console and of other tools that a list names. Pipelines, builds and provisioners may make exactly the calls of their work.",
  objection: (probe, { needs, accountRoles }) => {
    const { actor } = probe;
    if (actor.kind !== "role" || inexact.has(actor.name)) return undefined;
    // AWS's key lets each principal decrypt a parameter that it may read; secrets-read judges who may.
    if (probe.resource.kind === aKeyOfParameters) return undefined;
    const there = !probe.resource.further || worksInFurtherRegions(accountRoles, actor.account);
    const called = there && neededBy(needs, probe) !== undefined;
    if (called || acceptedBecause(probe) !== undefined) return undefined;
    return `${actor.name} does not need this call`;
  },
};

/**
 * Checks that each capability is held only by the roles of lib/access/capabilities.ts and by an account's own
 * administrators.
 */
import { capabilityOf } from "#access/capabilities.ts";
import type { Invariant } from "./invariant.ts";

export const capabilitiesHeld: Invariant = {
  name: "capabilities-held",
  sentence:
    "Only the roles that Kedge names for a capability hold it. The table below lists the capabilities: to upload, to approve, to change a pipeline, and each other right that could bypass an approval.",
  objection: (probe) => {
    const { actor } = probe;
    if (actor.kind !== "role" && actor.kind !== "application") return undefined;
    const capability = capabilityOf(probe);
    if (capability === undefined || capability.holders.includes(actor.name)) return undefined;
    // An application's own builds and functions are not the production of any other application.
    const own =
      probe.resource.account === actor.account &&
      probe.resource.kind.startsWith("an application's") &&
      !probe.action.startsWith("cloudformation:");
    if (actor.kind === "application" && own) return undefined;
    return `only ${capability.holders.join(", ") || "an administrator"} may ${capability.name}`;
  },
};

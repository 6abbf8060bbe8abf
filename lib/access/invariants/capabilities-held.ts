/** Each capability is held by those lib/access/capabilities.ts names, and by an account's own administrators. */
import { capabilityOf } from "#access/capabilities.ts";
import type { Invariant } from "./invariant.ts";

export const capabilitiesHeld: Invariant = {
  name: "capabilities-held",
  sentence:
    "Each of the capabilities below is held by the roles named for it and by no other: uploading, approving, changing pipelines, and all that leads past a gate.",
  objection: (probe) => {
    const { actor } = probe;
    if (actor.kind !== "role" && actor.kind !== "application") return undefined;
    const capability = capabilityOf(probe);
    if (capability === undefined || capability.holders.includes(actor.name)) return undefined;
    // What is an application's in its own account, nested stacks or builds, is no one's production but its own.
    const own = probe.place.account === actor.account && probe.place.kind.startsWith("an application's");
    if (actor.kind === "application" && own) return undefined;
    return `only ${capability.holders.join(", ") || "an administrator"} may ${capability.name}`;
  },
};

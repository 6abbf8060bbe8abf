/** Checks that no principal outside of the estate reaches a resource. */
import type { Invariant } from "./invariant.ts";

export const noForeignPrincipals: Invariant = {
  name: "no-strangers",
  sentence: "Nobody outside of the estate reaches anything: no account, and nobody without credentials.",
  objection: ({ actor, resource }) =>
    actor.kind === "foreign" && !resource.open ? "nobody outside of the estate is let in" : undefined,
};

/** Checks that no principal outside of the estate reaches a resource. */
import type { Invariant } from "./invariant.ts";

export const noForeignPrincipals: Invariant = {
  name: "no-strangers",
  sentence: "No account outside of the estate and no anonymous caller reaches a resource of the estate.",
  objection: ({ actor, resource }) =>
    actor.kind === "foreign" && !resource.open
      ? "principals outside of the estate must have no access"
      : undefined,
};

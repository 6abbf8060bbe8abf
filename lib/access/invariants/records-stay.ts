/**
 * Checks that no principal overwrites or removes the record of a migration. A changed record would let the
 * migration run twice.
 */
import { roles } from "#release/names/deployed-names.ts";
import type { Invariant } from "./invariant.ts";

const changes = ["ssm:PutParameter", "ssm:DeleteParameter", "ssm:DeleteParameters"];

export const recordsStay: Invariant = {
  name: "records-stay",
  sentence:
    "A pipeline adds to the records of migrations; nobody changes one or removes it, least of all an application.",
  objection: ({ actor, action, resource, variant }) => {
    if (actor.kind !== "role" || resource.kind !== "a migration's record" || !changes.includes(action))
      return undefined;
    if (actor.name === roles.cloudformation) return "an application could say that its migrations ran";
    if (actor.name !== roles.deploy) return undefined;
    const adds = action === "ssm:PutParameter" && variant.context?.["ssm:Overwrite"] === "false";
    return adds ? undefined : "what was applied stays recorded as it was";
  },
};

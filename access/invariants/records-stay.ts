/** A migration that was recorded does not run again; whoever could write over its record could have it run twice. */
import { roles } from "#anchor/names.ts";
import type { Invariant } from "./invariant.ts";

export const recordsStay: Invariant = {
  name: "records-stay",
  sentence: "A pipeline adds to the records of migrations; it neither changes one nor removes it.",
  objection: ({ actor, action, place, variant }) => {
    if (actor.kind !== "role" || actor.name !== roles.deploy || place.kind !== "a migration's record")
      return undefined;
    const adds = action !== "ssm:PutParameter" || variant.context?.["ssm:Overwrite"] === "false";
    return adds ? undefined : "what was applied stays recorded as it was";
  },
};

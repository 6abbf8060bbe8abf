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
    "A pipeline only adds records of migrations. Neither a pipeline nor an application changes or removes a record.",
  objection: ({ actor, action, resource, variant }) => {
    if (actor.kind !== "role" || resource.kind !== "a migration's record" || !changes.includes(action))
      return undefined;
    if (actor.name === roles.cloudformation) return "an application could pretend that its migrations ran";
    if (actor.name !== roles.deploy) return undefined;
    const adds = action === "ssm:PutParameter" && variant.context?.["ssm:Overwrite"] === "false";
    return adds ? undefined : "the record of an applied migration must not change";
  },
};

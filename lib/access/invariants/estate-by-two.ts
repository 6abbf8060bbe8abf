/**
 * Checks that only `kedge-publish` writes the published estate and the modules of release templates, and that a proposal is
 * signed by its writer: the Lambda counts people by the names of their proposals.
 */
import { ssoActor } from "#access/principals.ts";
import { roles } from "#release/names/deployed-names.ts";
import type { Invariant } from "./invariant.ts";

const removals: readonly string[] = ["s3:DeleteObject", "s3:DeleteObjectVersion"];

const signedByAnother: readonly string[] = [
  "an estate's proposal",
  "another person's proposal of a release template",
];

export const estateByTwo: Invariant = {
  name: "estate-by-two",
  sentence:
    "Only kedge-publish writes the published estate and the modules of release templates, no principal deletes the estate, and each proposal is written by the principal in its name, while the registry's policy stands. Administrators are no exception.",
  objection: ({ action, actor, resource }) => {
    if (resource.kind === "the estate" && removals.includes(action))
      return "the next estate would be the first one, which needs no second person";
    if (action !== "s3:PutObject") return undefined;
    if (resource.kind === "the estate" && actor.name !== roles.publish)
      return "the estate would be published without its people";
    if (resource.kind === "a release template" && actor.name !== roles.publish)
      return "the module would be published without its people";
    if (signedByAnother.includes(resource.kind)) return "a person would sign for another one";
    return resource.kind === "a proposal of Identity Center" && actor.name !== ssoActor
      ? "a session with a chosen name would count as a person of Identity Center"
      : undefined;
  },
};

/** What a dev team's template can create stays under the boundary, and away from what Kedge itself consists of. */

import type { Probe } from "#access/relation.ts";
import { roles } from "#release/names/deployed-names.ts";
import type { Invariant } from "./invariant.ts";

const rightsOfRoles = new Set(
  "CreateRole PutRolePolicy DeleteRolePolicy AttachRolePolicy DetachRolePolicy PutRolePermissionsBoundary"
    .split(" ")
    .map((name) => `iam:${name}`),
);

/** Services an application's role runs in; each of them serves the account alone. */
const runsIn = new Set(
  "lambda apigateway states events scheduler pipes codebuild ecs ecs-tasks"
    .split(" ")
    .map((name) => `${name}.amazonaws.com`),
);

export const boundaryHolds: Invariant = {
  name: "boundary-holds",
  sentence:
    "A dev team's template makes roles only under the boundary, hands them only to the services applications run in, and touches nothing of Kedge's in its account, the boundary least of all.",
  objection: (probe, { world }) => {
    const { actor, action, place, variant } = probe;
    if (actor.kind !== "application" && actor.name !== roles.cloudformation) return undefined;
    if (rightsOfRoles.has(action) && variant.label !== "with the boundary")
      return "a role without the boundary could do anything in its account";
    if (action === "iam:DeleteRolePermissionsBoundary") return "the boundary stays on";
    if (action === "iam:PassRole" && !runsIn.has(variant.label.replace("to ", "")))
      return "applications run in no such service";
    if (ofKedge(probe, world.roles)) return "Kedge's own resources are not the application's";
    if (place.service === "iam" && !/^an application's role/.test(place.kind))
      return "applications have roles and no other identities";
    return undefined;
  },
};

/** Kedge's roles, rules, functions, stacks and boundary; parts of artifacts are there to be read. */
function ofKedge(
  { actor, place, action }: Probe,
  all: readonly { readonly arn: string; readonly account: string }[],
): boolean {
  if (place.account !== actor.account) return false;
  const made = all.some(({ arn }) => arn === place.arn);
  const kinds = ["Boundary", "ForwardEvents", "a product's stack"];
  return (made || kinds.includes(place.kind)) && !action.startsWith("kms:");
}

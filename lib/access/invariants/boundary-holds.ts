/**
 * Checks that a dev team's template creates roles only under the boundary, and does not touch Kedge's own
 * resources.
 */

import type { Probe } from "#access/relation.ts";
import { aHandlersFunction, aHandlersProject, otherRegion, type ProbedResource } from "#access/resource.ts";
import { withBuildspec, withVariable } from "#access/variants.ts";
import { roles } from "#release/names/deployed-names.ts";
import type { Invariant } from "./invariant.ts";

const rightsOfRoles = new Set(
  "CreateRole PutRolePolicy DeleteRolePolicy AttachRolePolicy DetachRolePolicy PutRolePermissionsBoundary"
    .split(" ")
    .map((name) => `iam:${name}`),
);

/** Services that run as an application's role; each of them serves its own account only. */
const runsIn = new Set(
  "lambda apigateway states events scheduler pipes codebuild ecs ecs-tasks"
    .split(" ")
    .map((name) => `${name}.amazonaws.com`),
);

/** The roles that make roles of applications and of smoke tests, and their actions that are judged here. */
const judged: Readonly<Record<string, RegExp>> = {
  [roles.cloudformation]: /^/,
  // The invariants deployers-in-bounds and passed-as-meant judge its other actions.
  [roles.pipelineStack]: /^iam:(?!PassRole$)/,
};

export const boundaryHolds: Invariant = {
  name: "boundary-holds",
  sentence:
    "A dev team's template creates roles only under the permissions boundary, passes them only to services that applications run in, and reaches no resource of Kedge in its account, such as the boundary. It calls handlers of the central team and does not change them.",
  objection: (probe, { estate }) => {
    const { actor, action, resource, variant } = probe;
    if (actor.kind !== "application" && !judged[actor.name]?.test(action)) return undefined;
    if (rightsOfRoles.has(action) && variant.label !== "with the boundary")
      return "a role without the boundary would have every right in its account";
    if (action === "iam:DeleteRolePermissionsBoundary") return "a role must keep its boundary";
    // Samples without types are of actions that IAM checks without a resource.
    if (actor.name === roles.cloudformation && resource.types && resource.arn.includes(`:${otherRegion}:`))
      return "the execution role works in the regions of the estate only";
    if (action === "iam:PassRole" && !runsIn.has(variant.label.replace("to ", "")))
      return "applications do not run in this service";
    if (changesHandler(probe)) return "an application may call a handler of the central team, not change it";
    if (ofKedge(probe, estate.roles)) return "an application must not reach Kedge's own resources";
    if (
      ["iam", "sts"].includes(resource.service) &&
      !/^(an application's|a smoke test's) role/.test(resource.kind) &&
      !isRoleOfApplication(resource)
    )
      return "applications have roles and no other identities";
    return undefined;
  },
};

/** The invariant applications-apart checks whose role it is. */
const isRoleOfApplication = ({ ofAnApplication, types = [] }: ProbedResource): boolean =>
  ofAnApplication === true && types.includes("role");

/** A stack calls its handler when it is deleted, so applications start builds and invoke functions. */
const callsHandler = /^(lambda:(Invoke|List).*|codebuild:(StartBuild|BatchGetBuilds))$/;

const changesHandler = ({ resource, action, variant }: Probe): boolean =>
  [aHandlersProject, aHandlersFunction].some((kind) => resource.kind.startsWith(kind)) &&
  (!callsHandler.test(action) || [withBuildspec, withVariable].includes(variant.label));

/**
 * Kedge's roles, rules, functions, stacks and boundary. Assets of artifacts are left out, because
 * applications read them.
 */
function ofKedge(
  { actor, resource, action }: Probe,
  all: readonly { readonly arn: string; readonly account: string }[],
): boolean {
  if (resource.account !== actor.account) return false;
  const made = all.some(({ arn }) => arn === resource.arn);
  const kinds = ["Boundary", "ForwardEvents", "a product's stack"];
  return (made || kinds.includes(resource.kind)) && !action.startsWith("kms:");
}

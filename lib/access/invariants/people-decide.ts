/**
 * Checks that people answer approvals. A role that a service, an identity provider or another role of Kedge admits runs
 * software, which would decide without a person.
 */
import { isObject } from "@kedge/local-cloud/cloudformation/json";
import { roles } from "#release/names/deployed-names.ts";
import type { Invariant } from "./invariant.ts";

const software: ReadonlySet<string> = new Set(["role", "application", "service"]);

export const peopleDecide: Invariant = {
  name: "people-decide",
  sentence:
    "No role that software assumes can answer an approval: no service, no role of Kedge and no role of an application becomes kedge-approver, and no other role that a service or an identity provider (OIDC) admits has the right.",
  objection: ({ actor, action, resource }, { estate }) => {
    if (action.startsWith("sts:") && resource.arn.endsWith(`:role/${roles.approver}`))
      return software.has(actor.kind) ? "software would decide in the name of an approver" : undefined;
    if (action !== "codepipeline:PutApprovalResult" || resource.kind !== "an approval") return undefined;
    if (actor.kind === "application" || actor.kind === "service") return "software would decide";
    const trust = estate.roles.find(({ arn }) => arn === actor.id)?.trust;
    const admitted = (estate.policies.get(trust ?? "")?.statements ?? []).flatMap(({ Principal }) =>
      isObject(Principal) ? Object.keys(Principal) : [],
    );
    if (admitted.includes("Service")) return "a service runs as this role";
    return admitted.includes("Federated")
      ? "an identity provider, such as that of a CI, admits software to this role"
      : undefined;
  },
};

/**
 * Decides whether a Principal element matches a subject, and how closely. The grade decides the effect of a
 * grant in a resource policy.
 */
import type { PrincipalElement } from "./policy-document.ts";
import type { Subject } from "./subject.ts";

/**
 * The grades from the loosest to the closest. `account` only delegates to the account's identity policies.
 * `everyone` and `entity` grant within boundaries and session policies. `session` grants beyond them.
 */
export type Grade = "account" | "everyone" | "entity" | "session";

const ORDER: readonly Grade[] = ["account", "everyone", "entity", "session"];

export const closer = (one: Grade | undefined, other: Grade | undefined): Grade | undefined =>
  ORDER.indexOf(one ?? "account") > ORDER.indexOf(other ?? "account") ? one : (other ?? one);

export function principalGrade(
  element: PrincipalElement,
  subject: Subject,
  effect: "Allow" | "Deny",
): Grade | undefined {
  if (!element.not) return listed(element, subject);
  if (effect === "Allow") return listed(element, subject) === undefined ? "everyone" : undefined;
  return exempt(element, subject) ? undefined : "everyone";
}

function listed(element: PrincipalElement, subject: Subject): Grade | undefined {
  const named = (names: readonly string[]): boolean => names.some((name) => element.aws.includes(name));
  if (named(subject.sessionNames)) return "session";
  if (named(subject.entityNames)) return "entity";
  if (subject.service !== undefined && element.service.includes(subject.service)) return "entity";
  if (subject.federated !== undefined && element.federated.includes(subject.federated)) return "entity";
  if (element.wildcard && subject.kind !== "federated") return "everyone";
  return named(subject.accountNames) ? "account" : undefined;
}

/**
 * A Deny with NotPrincipal exempts a subject only when it lists the session, the role and the account (IAM
 * User Guide, "AWS JSON policy elements: NotPrincipal").
 */
function exempt(element: PrincipalElement, subject: Subject): boolean {
  if (element.wildcard) return true;
  if (subject.service !== undefined) return element.service.includes(subject.service);
  if (subject.federated !== undefined) return element.federated.includes(subject.federated);
  const capacities = [subject.accountNames, subject.entityNames, subject.sessionNames].filter(
    (names) => names.length > 0,
  );
  return (
    capacities.length > 0 && capacities.every((names) => names.some((name) => element.aws.includes(name)))
  );
}

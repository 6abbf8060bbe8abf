/** What each principal may do, put together by place: the table a reviewer reads. */
import { calledIn } from "./place.ts";
import type { Probe } from "./relation.ts";

type Right = { readonly at: string; readonly actions: readonly string[] };

/** By the principal's name, so that equal roles of several accounts are one; their own places, not each account's. */
export function rightsByName(allowed: readonly Probe[]): ReadonlyMap<string, readonly Right[]> {
  const told = allowed.filter(({ actor }) => actor.kind === "role" || actor.kind === "application");
  return new Map(
    [...Map.groupBy(told, ({ actor }) => actor.name)]
      .sort(([one], [other]) => (one < other ? -1 : 1))
      .map(([name, probes]) => [name, rightsOf(probes)]),
  );
}

function rightsOf(probes: readonly Probe[]): readonly Right[] {
  const places = Map.groupBy(probes, ({ place }) => calledIn(place));
  const rights = [...places].map(([at, all]) => ({
    at,
    actions: [...new Set(all.map(withVariant))].sort(),
  }));
  return mergeEqual(rights);
}

const withVariant = ({ action, variant, actor }: Probe): string => {
  if (variant.label === "") return action;
  // A prefix by whose it is, not by the account's number.
  if (variant.part !== undefined) return `${action} below its${variant.part.replace(/[()]/g, "")}`;
  return actor.kind === "application" && variant.label.startsWith("below")
    ? action
    : `${action} ${variant.label}`;
};

/** Places with the same actions are told together. */
function mergeEqual(rights: readonly Right[]): readonly Right[] {
  const byActions = Map.groupBy(rights, ({ actions }) => actions.join());
  return [...byActions.values()].map((same) => ({
    at: same
      .map(({ at }) => at)
      .sort()
      .join(", "),
    actions: same[0]?.actions ?? [],
  }));
}

/** `s3:GetObject, PutObject; kms:Decrypt`: the service is said once. */
export function shortly(actions: readonly string[]): string {
  const services = Map.groupBy(actions, (action) => action.split(":")[0] ?? "");
  return [...services]
    .map(([service, all]) => `${service}:${all.map((each) => each.slice(service.length + 1)).join(", ")}`)
    .join("; ");
}

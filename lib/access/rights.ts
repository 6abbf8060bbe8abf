/** Groups the rights of each principal by resource, for the table in the report. */

import type { Probe } from "./relation.ts";
import { calledIn } from "./resource.ts";

type Right = { readonly at: string; readonly actions: readonly string[] };

/**
 * Groups rights by role name: roles of the same name in several accounts have the same rights, each in its
 * own account.
 */
export function rightsByName(allowed: readonly Probe[]): ReadonlyMap<string, readonly Right[]> {
  const shown = allowed.filter(({ actor }) => actor.kind === "role" || actor.kind === "application");
  return new Map(
    [...Map.groupBy(shown, ({ actor }) => actor.name)]
      .sort(([one], [other]) => (one < other ? -1 : 1))
      .map(([name, probes]) => [name, rightsOf(probes)]),
  );
}

function rightsOf(probes: readonly Probe[]): readonly Right[] {
  const resources = Map.groupBy(probes, ({ resource }) => calledIn(resource));
  const rights = [...resources].map(([at, all]) => ({
    at,
    actions: [...new Set(all.map(withVariant))].sort(),
  }));
  return mergeEqual(rights);
}

const withVariant = ({ action, variant, actor }: Probe): string => {
  if (variant.label === "") return action;
  // A prefix is named by its section, without the account's number.
  if (variant.section !== undefined) return `${action} below its${variant.section.replace(/[()]/g, "")}`;
  return actor.kind === "application" && variant.label.startsWith("below")
    ? action
    : `${action} ${variant.label}`;
};

/** Merges resources with the same actions into one row. */
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

/** `s3:GetObject, PutObject; kms:Decrypt`: each service appears once. */
export function shortly(actions: readonly string[]): string {
  const services = Map.groupBy(actions, (action) => action.split(":")[0] ?? "");
  return [...services]
    .map(([service, all]) => `${service}:${all.map((each) => each.slice(service.length + 1)).join(", ")}`)
    .join("; ");
}

/** How a call can be made: with which service in view, below which prefix, with or without the boundary, in the clear. */
import { folders } from "#release/names/deployed-names.ts";
import type { Place } from "./place.ts";
import { boundaryArnIn } from "./places.ts";
import type { Actor } from "./principals.ts";
import { strings, type World } from "./world.ts";

export type Variant = {
  readonly label: string;
  readonly context?: Readonly<Record<string, string>>;
  readonly secure?: boolean;
  /** Whose the listed prefix is. */
  readonly tenant?: string;
  /** Which part of the place the call concerns: `(uploads)`. */
  readonly part?: string;
};

export const plain: Variant = { label: "" };
const inTheClear: Variant = { label: "without TLS", secure: false };

const withBoundary = new Set(
  ["CreateRole", "PutRolePolicy", "DeleteRolePolicy", "AttachRolePolicy", "DetachRolePolicy"]
    .concat("PutRolePermissionsBoundary", "DeleteRolePermissionsBoundary")
    .map((name) => `iam:${name}`),
);
const listing = new Set(["s3:ListBucket", "s3:ListBucketVersions"]);

type VariantsOf = (action: string, place: Place, actor: Actor) => readonly Variant[];

export function variantsOf(world: World, places: readonly Place[]): VariantsOf {
  const passing = [...servicesPassedTo(world), "ec2.amazonaws.com"].map(
    (service): Variant => ({ label: `to ${service}`, context: { "iam:PassedToService": service } }),
  );
  const prefixes = places
    .filter(({ kind }) => kind === "an upload")
    .flatMap(({ arn, tenant }): readonly Variant[] => {
      const account = arn.split("/")[1] ?? "";
      const below = (prefix: string, part: string): Variant => ({
        ...{ label: `below ${prefix}`, context: { "s3:prefix": prefix }, tenant, part },
      });
      return [below(`${account}/`, " (uploads)"), below(`${folders.results}${account}/`, " (results)")];
    });
  const elsewhere = prefixes.map(({ label, context }): Variant => ({ label, ...(context && { context }) }));
  const asked = variantsAsked(world);
  return (action, place, actor) => {
    if (actor.kind === "administrator" && actor.account === place.account) return [plain, inTheClear];
    if (action === "iam:PassRole") return passing;
    if (withBoundary.has(action)) {
      const boundary = (label: string, arn: string): Variant => ({
        label,
        context: { "iam:PermissionsBoundary": arn },
      });
      return [
        plain,
        boundary("with the boundary", boundaryArnIn(place.account)),
        boundary("with another boundary", `arn:aws:iam::${place.account}:policy/somebody`),
      ];
    }
    // Of other buckets, listing is of the whole bucket.
    if (listing.has(action) && place.kind === "Artifacts") return [plain, ...prefixes];
    if (listing.has(action) && place.kind === "somebody's bucket") return [plain, ...elsewhere];
    return [plain, ...(asked.get(action) ?? [])];
  };
}

/** Keys whose values other variants and the places themselves bring along, and those every request has. */
const known =
  /^(aws:(?!ResourceTag)|s3:prefix$|s3:ExistingObjectTag|iam:Pass|iam:PermissionsBoundary$|kms:ResourceAliases$)/i;

/** What a statement's own condition asks for: so a condition on a service's key is met by some call, and missed by another. */
function variantsAsked({ policies }: World): ReadonlyMap<string, readonly Variant[]> {
  const found = new Map<string, Map<string, Variant>>();
  for (const { Action, Condition } of [...policies.values()].flatMap(({ statements }) => statements)) {
    const context: Record<string, string> = {};
    for (const [operator, keys] of Object.entries(Condition ?? {}))
      for (const [key, value] of Object.entries(keys ?? {}))
        if (!known.test(key) && !/^Null|Not|IfExists$/.test(operator))
          context[key] = (strings(value)[0] ?? "").replaceAll("*", "x");
    if (Object.keys(context).length === 0) continue;
    const label = Object.entries(context)
      .map(([key, value]) => `with ${key} ${value}`)
      .join(" and ");
    for (const action of strings(Action))
      found.set(action, (found.get(action) ?? new Map()).set(label, { label, context }));
  }
  return new Map([...found].map(([action, variants]) => [action, [...variants.values()]]));
}

function servicesPassedTo({ policies }: World): ReadonlySet<string> {
  const services = new Set<string>();
  for (const { statements } of policies.values())
    for (const { Condition } of statements)
      for (const keys of Object.values(Condition ?? {}))
        for (const [key, value] of Object.entries(keys ?? {}))
          if (key === "iam:PassedToService") for (const service of strings(value)) services.add(service);
  return services;
}

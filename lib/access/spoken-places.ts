/**
 * Places of services no other list knows, made from what the targets' policies speak of: each pattern with its wildcards
 * filled in, and beside it a stranger's thing. So a service that applications begin to use needs no row of its own.
 */
import { otherRegion, type Place } from "./place.ts";
import type { Standing } from "./standing.ts";
import { strings, type World } from "./world.ts";

export function spokenPlaces(
  { policies }: World,
  standings: readonly Standing[],
  listed: readonly Place[],
): readonly Place[] {
  const known = new Set(listed.map(({ service }) => service));
  const made = new Map<string, Place>();
  for (const { key, kind, statements } of policies.values()) {
    const standing = standings.find(({ account, part }) => part === "target" && key.startsWith(account));
    if (standing === undefined || (kind !== "identity" && kind !== "boundary")) continue;
    for (const { Action, Resource } of statements) {
      // IAM's name of a service; an ARN may have another.
      for (const service of new Set(strings(Action).map((action) => action.split(":")[0] ?? "")))
        for (const pattern of strings(Resource)) {
          if (known.has(service) || service === "*" || pattern === "*") continue;
          for (const place of placesFor(pattern, service, standing)) made.set(place.arn, place);
        }
    }
  }
  return [...made.values()];
}

function placesFor(
  pattern: string,
  service: string,
  { account, tenant, region, furtherRegions }: Standing,
): readonly Place[] {
  const filled = pattern.replaceAll("*", "x");
  const at = (arn: string, kind: string): Place => ({
    ...{ arn, kind, account, tenant, service },
    ...(furtherRegions.includes(arn.split(":")[3] ?? "") && { further: true }),
  });
  const inArn = pattern.split(":")[2] ?? service;
  const somebody = (of: string): string => `arn:aws:${inArn}:${of}:${account}:somebody/x`;
  return [
    at(filled, `an application's ${service} ${filled.split(":").slice(5).join(":")}`),
    ...[region, ...furtherRegions].map((of) => at(somebody(of), `somebody's ${service}`)),
    at(somebody(otherRegion), `somebody's ${service} in another region`),
  ];
}

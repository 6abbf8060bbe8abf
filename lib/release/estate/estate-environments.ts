/**
 * Computes the environments of an anchor from the estate file: its own ones, and every rung of the ladder for
 * each tenant, once for each region. A value closer to an environment overrides a value for all.
 */
import type { RuleSettings } from "#release/rules/rule-settings.ts";
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
  const rules = { ...file.rules, ...anchor.rules };
  const own = (anchor.environments ?? []).flatMap((each, index) =>
    inRegions(
      ownEnvironment(each, region, common),
      each.regions,
      region,
      (there) => each.regionParameters?.[there],
    ).map(
      (environment): Placed => ({
        environment: withRules(environment, rules, each),
        at: ["environments", index],
      }),
    ),
  );
  const tenants = Object.entries(anchor.tenants ?? {}).flatMap(([tenant, said]) =>
    (anchor.ladder ?? [])
      .filter(({ name }) => !said.exclude?.includes(name))
      .flatMap((rung) =>
        inRegions(tenantEnvironment(rung, tenant, said, region, common), rung.regions, region, (there) => ({
          ...rung.regionParameters?.[there],
          ...said.environments?.[rung.name]?.regionParameters?.[there],
        })).map(
          (environment): Placed => ({
            environment: withRules(environment, rules, rung),
            at: ["tenants", tenant],
          }),
        ),
      ),
  );
  return [...own, ...tenants];
}

function withRules(
  environment: Environment,
  common: RuleSettings,
  { rules: own }: { readonly rules?: RuleSettings },
): Environment {
  const rules = { ...common, ...own };
  return Object.keys(rules).length === 0 ? environment : { ...environment, rules };
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
    // A tenant's value comes before a rung's value: it holds in all environments of the tenant, and each may
    // still override it.
    parameters: { ...common, ...parameters, ...said.parameters, ...exact?.parameters },
  };
}

/** One environment for each region; in the anchor's own it keeps its name, which means all of them as well. */
const inRegions = (
  environment: Environment,
  regions: readonly string[] | undefined,
  home: string,
  parametersIn: (region: string) => Environment["parameters"] | undefined,
): readonly Environment[] =>
  (regions ?? [environment.region]).map((region) => {
    const name =
      regions === undefined || region === home ? environment.name : `${environment.name}-${region}`;
    return {
      ...environment,
      name,
      names: name === environment.name ? environment.names : [...environment.names, name],
      region,
      parameters: { ...environment.parameters, ...parametersIn(region) },
    };
  });

const rung = ({
  name,
  order,
  wave,
  branches,
  handlers,
  existingFunctions,
  kubernetes,
  secrets,
  ...said
}: RungFile) => ({
  name,
  ...(handlers && { handlers: { projects: [], functions: [], ...handlers } }),
  ...(existingFunctions && { existingFunctions }),
  ...(secrets && { secrets }),
  ...(kubernetes && { kubernetes: { namespaces: {}, admin: [], ...kubernetes } }),
  order,
  wave: wave ?? name,
  branches,
  approval: said.approval ?? false,
  approvalTimeoutMinutes: said.approvalTimeoutMinutes ?? week,
  protected: said.protected ?? false,
});

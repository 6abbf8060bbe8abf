/**
 * Lists the principals to try calls as: the roles of the templates, the worst role that an application can
 * create, each account's administrator, AWS's services acting for a source, and foreign principals.
 */
import { isObject } from "@kedge/local-cloud/cloudformation/json";
import { type Subject, subjectOf } from "@kedge/local-cloud/iam/subject";
import { accountRoot, type Principal, servicePrincipal } from "@kedge/local-cloud/kernel/principal";
import { ssoRolePath } from "#release/names/signer.ts";
import { tags } from "#release/names/tags.ts";
import { type AccountRole, foreignAccount } from "./account-role.ts";
import type { DeployedEstate } from "./deployed-estate.ts";
import { applicationTag } from "./resource.ts";
import { application, smokeRole } from "./resources.ts";

export type Actor = {
  readonly id: string;
  /** The name in reports: `kedge-ci of shop`. */
  readonly label: string;
  readonly tenant: string;
  readonly account?: string;
  readonly kind: "role" | "application" | "administrator" | "service" | "foreign";
  /** The name of the role or the service. */
  readonly name: string;
  readonly principal: Principal;
  readonly subject: Subject;
  readonly administrator: boolean;
  readonly identity: readonly string[];
  readonly boundary?: string;
};

export const ssoActor = "administrator from Identity Center";

/** A role that a template creates may have any policy; only its boundary limits it. */
export const unlimited = "unlimited";

const being = (principal: Principal) => ({ principal, subject: subjectOf(principal) });

const session = (
  account: string,
  roleName: string,
  tags: Readonly<Record<string, string>> = {},
): Extract<Principal, { readonly kind: "role" }> => ({
  kind: "role",
  account,
  arn: `arn:aws:sts::${account}:assumed-role/${roleName}/session`,
  roleArn: `arn:aws:iam::${account}:role/${roleName}`,
  roleName,
  sessionName: "session",
  userId: "AROAEXAMPLE:session",
  sessionPolicies: [],
  tags,
});

export function actorsOf(estate: DeployedEstate, accountRoles: readonly AccountRole[]): readonly Actor[] {
  const labels = new Map(accountRoles.map((each) => [each.account, each]));
  const roles = estate.roles.map(({ arn, name, account, identity, boundary }): Actor => {
    const accountRole = labels.get(account);
    return {
      id: arn,
      label: `${name} of ${accountRole?.label ?? account}`,
      tenant: accountRole?.tenant ?? "",
      account,
      kind: "role",
      name,
      ...being(session(account, name)),
      administrator: false,
      identity,
      ...(boundary !== undefined && { boundary }),
    };
  });
  const applications = accountRoles.flatMap((accountRole): readonly Actor[] => {
    const boundary = estate.roles.find(
      (role) => role.account === accountRole.account && role.boundary !== undefined,
    )?.boundary;
    if (boundary === undefined) return [];
    // In an anchor, the stacks of pipelines create roles for smoke tests.
    const [whose, name] =
      accountRole.purpose === "target"
        ? ["an application's role", `${application}-Role`]
        : ["a smoke test's role", smokeRole];
    return [
      {
        id: `arn:aws:iam::${accountRole.account}:role/${name}`,
        label: `${whose} in ${accountRole.label}`,
        tenant: accountRole.tenant,
        account: accountRole.account,
        kind: "application",
        name: whose,
        ...being(session(accountRole.account, name, { [tags.app]: applicationTag })),
        administrator: false,
        identity: [unlimited],
        boundary,
      },
    ];
  });
  const administrators = accountRoles.flatMap((accountRole) => [
    administrator(accountRole.account, accountRole),
    ...(accountRole.purpose === "central" ? [ssoAdministrator(accountRole)] : []),
    roleOfTheirs(accountRole),
    ...namedRoles(accountRole),
  ]);
  const foreign = administrator(foreignAccount);
  const anonymous: Actor = {
    ...{
      id: "anonymous",
      label: "an anonymous caller",
      tenant: "nobody",
      kind: "foreign",
      name: "anonymous",
    },
    ...{ ...being({ kind: "anonymous" }), administrator: false, identity: [] },
  };
  return [
    ...roles,
    ...applications,
    ...administrators,
    foreign,
    anonymous,
    ...servicesOf(estate, accountRoles),
  ];
}

/** A role that an account's administrators make, with any policy. A trust may admit it by the begin of its name. */
function roleOfTheirs({ account, label, tenant }: AccountRole): Actor {
  const principal = session(account, "kedge-somebody");
  return ofAnAccount(principal, `a role with Kedge's prefix in ${label}`, tenant);
}

const ofAnAccount = (principal: ReturnType<typeof session>, label: string, tenant: string): Actor => ({
  ...{ id: principal.roleArn, label, tenant, account: principal.account },
  ...{ kind: "administrator", name: "administrator", ...being(principal) },
  ...{ administrator: false, identity: [unlimited] },
});

/** The roles that the estate names for people and CIs, with any policy: their own accounts write it. */
function namedRoles({ label, tenant, people = [] }: AccountRole): readonly Actor[] {
  const named = new Set(people.flatMap(({ principals = [] }) => principals));
  return [...named].flatMap((id): readonly Actor[] => {
    const [, account = "", path = ""] = /^arn:[a-z-]+:iam::(\d{12}):role\/(.+)$/.exec(id) ?? [];
    if (account === "") return [];
    const principal = { ...session(account, path.slice(path.lastIndexOf("/") + 1)), roleArn: id };
    return [ofAnAccount(principal, `the role ${path} that the estate names for ${label}`, tenant)];
  });
}

function administrator(account: string, accountRole?: AccountRole): Actor {
  return {
    id: `arn:aws:iam::${account}:root`,
    label: accountRole
      ? `the administrator of ${accountRole.label}`
      : "the administrator of an account outside of the estate",
    tenant: accountRole?.tenant ?? "nobody",
    account,
    kind: accountRole ? "administrator" : "foreign",
    name: "administrator",
    ...being(accountRoot(account)),
    administrator: true,
    identity: [],
  };
}

/** An administrator who comes through IAM Identity Center, whose roles have a path that no caller can create. */
function ssoAdministrator(accountRole: AccountRole): Actor {
  const { account } = accountRole;
  const name = "AWSReservedSSO_Administrator_0123456789abcdef";
  const roleArn = `arn:aws:iam::${account}:role/${ssoRolePath}${name}`;
  return {
    ...administrator(account, accountRole),
    ...{ id: roleArn, label: `an administrator of ${accountRole.label} from Identity Center` },
    ...{ name: ssoActor, ...being({ ...session(account, name), roleArn }) },
  };
}

/**
 * Each service in a trust or resource policy, once per source in the estate and once for a foreign source.
 */
function servicesOf(estate: DeployedEstate, accountRoles: readonly AccountRole[]): readonly Actor[] {
  const services = new Set(["ec2.amazonaws.com"]);
  for (const { statements } of estate.policies.values())
    for (const { Principal } of statements)
      if (isObject(Principal) && Principal["Service"] !== undefined)
        for (const service of [Principal["Service"]].flat()) services.add(String(service));
  const sources = [
    ...accountRoles.map(({ account, region, label, tenant }) => ({
      account,
      arn: `arn:aws:servicecatalog:${region}:${account}:x`,
      label,
      tenant,
    })),
    ...estate.resources
      .filter(({ type }) => type === "AWS::Events::Rule" || type === "AWS::S3::Bucket")
      .map(({ account, arn }) => ({
        account,
        arn,
        label: arn.split(":").at(-1) ?? arn,
        tenant: accountRoles.find((each) => each.account === account)?.tenant ?? "",
      })),
    {
      account: foreignAccount,
      arn: `arn:aws:events:us-east-1:${foreignAccount}:rule/somebody`,
      label: "an account outside of the estate",
      tenant: "nobody",
    },
  ];
  return [...services].flatMap((service) =>
    sources.filter(serves(service)).map(
      ({ account, arn, label, tenant }): Actor => ({
        id: `${service} for ${arn}`,
        label: `${service} for ${label}`,
        tenant,
        account,
        kind: "service",
        name: service,
        ...being(servicePrincipal(service, { sourceAccount: account, sourceArn: arn })),
        administrator: false,
        identity: [],
      }),
    ),
  );
}

/**
 * Only EventBridge acts for rules, and only S3's notifications and log delivery for buckets; every service can
 * act for an account.
 */
const serves =
  (service: string) =>
  ({ arn }: { readonly arn: string }): boolean => {
    if (arn.startsWith("arn:aws:events:"))
      return service === "events.amazonaws.com" || arn.includes("somebody");
    if (arn.startsWith("arn:aws:s3:")) return /^(logging\.)?s3\.amazonaws\.com$/.test(service);
    return true;
  };

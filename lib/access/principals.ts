/**
 * Everybody who might ask: the roles of the templates, the worst role an application can give itself, each account's
 * administrator, AWS's services in the name of whoever they serve, and strangers.
 */

import { isObject } from "@kedge/local-cloud/cloudformation/json";
import { type Subject, subjectOf } from "@kedge/local-cloud/iam/subject";
import { accountRoot, type Principal, servicePrincipal } from "@kedge/local-cloud/kernel/principal";
import { applicationPrefix } from "#release/names/deployed-names.ts";
import { line } from "./places.ts";
import { type Standing, strangerAccount } from "./standing.ts";
import type { World } from "./world.ts";

export type Actor = {
  readonly id: string;
  /** How people call it: `kedge-ci of shop`. */
  readonly label: string;
  readonly tenant: string;
  readonly account?: string;
  readonly kind: "role" | "application" | "administrator" | "service" | "stranger";
  /** The role's name, or the service's. */
  readonly name: string;
  readonly principal: Principal;
  readonly subject: Subject;
  readonly administrator: boolean;
  readonly identity: readonly string[];
  readonly boundary?: string;
};

/** An application's role may carry any policy at all; what it can do is what its boundary leaves. */
export const unlimited = "unlimited";

const being = (principal: Principal) => ({ principal, subject: subjectOf(principal) });

const session = (account: string, roleName: string): Principal => ({
  kind: "role",
  account,
  arn: `arn:aws:sts::${account}:assumed-role/${roleName}/session`,
  roleArn: `arn:aws:iam::${account}:role/${roleName}`,
  roleName,
  sessionName: "session",
  userId: "AROAEXAMPLE:session",
  sessionPolicies: [],
  tags: {},
});

export function actorsOf(world: World, standings: readonly Standing[]): readonly Actor[] {
  const labels = new Map(standings.map((each) => [each.account, each]));
  const roles = world.roles.map(({ arn, name, account, identity, boundary }): Actor => {
    const standing = labels.get(account);
    return {
      id: arn,
      label: `${name} of ${standing?.label ?? account}`,
      tenant: standing?.tenant ?? "",
      account,
      kind: "role",
      name,
      ...being(session(account, name)),
      administrator: false,
      identity,
      ...(boundary !== undefined && { boundary }),
    };
  });
  const applications = standings.flatMap((standing): readonly Actor[] => {
    const boundary = world.roles.find(
      (role) => role.account === standing.account && role.boundary !== undefined,
    )?.boundary;
    if (boundary === undefined) return [];
    const name = `${applicationPrefix}dev-${line}-Role`;
    return [
      {
        id: `arn:aws:iam::${standing.account}:role/${name}`,
        label: `an application's role in ${standing.label}`,
        tenant: standing.tenant,
        account: standing.account,
        kind: "application",
        name: "an application's role",
        ...being(session(standing.account, name)),
        administrator: false,
        identity: [unlimited],
        boundary,
      },
    ];
  });
  const administrators = standings.map((standing) => administrator(standing.account, standing));
  const stranger = administrator(strangerAccount);
  const anonymous: Actor = {
    ...{ id: "anonymous", label: "anybody, unsigned", tenant: "nobody", kind: "stranger", name: "anybody" },
    ...{ ...being({ kind: "anonymous" }), administrator: false, identity: [] },
  };
  return [...roles, ...applications, ...administrators, stranger, anonymous, ...servicesOf(world, standings)];
}

function administrator(account: string, standing?: Standing): Actor {
  return {
    id: `arn:aws:iam::${account}:root`,
    label: standing ? `the administrator of ${standing.label}` : "the administrator of an account outside",
    tenant: standing?.tenant ?? "nobody",
    account,
    kind: standing ? "administrator" : "stranger",
    name: "administrator",
    ...being(accountRoot(account)),
    administrator: true,
    identity: [],
  };
}

/** Each service the policies name, for each source it may act for here, and for a stranger. */
function servicesOf(world: World, standings: readonly Standing[]): readonly Actor[] {
  const services = new Set(["ec2.amazonaws.com"]);
  for (const { statements } of world.policies.values())
    for (const { Principal } of statements)
      if (isObject(Principal) && Principal["Service"] !== undefined)
        for (const service of [Principal["Service"]].flat()) services.add(String(service));
  const sources = [
    ...standings.map(({ account, region, label, tenant }) => ({
      account,
      arn: `arn:aws:servicecatalog:${region}:${account}:x`,
      label,
      tenant,
    })),
    ...world.resources
      .filter(({ type }) => type === "AWS::Events::Rule" || type === "AWS::S3::Bucket")
      .map(({ account, arn }) => ({
        account,
        arn,
        label: arn.split(":").at(-1) ?? arn,
        tenant: standings.find((each) => each.account === account)?.tenant ?? "",
      })),
    {
      account: strangerAccount,
      arn: `arn:aws:events:us-east-1:${strangerAccount}:rule/somebody`,
      label: "an account outside",
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

/** Rules are EventBridge's, buckets S3's logging's; every service can act for an account as such. */
const serves =
  (service: string) =>
  ({ arn }: { readonly arn: string }): boolean => {
    if (arn.startsWith("arn:aws:events:"))
      return service === "events.amazonaws.com" || arn.includes("somebody");
    if (arn.startsWith("arn:aws:s3:")) return service === "logging.s3.amazonaws.com";
    return true;
  };

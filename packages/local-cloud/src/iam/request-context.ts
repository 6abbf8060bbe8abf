/** Builds the condition keys of a request: AWS's global keys, and the keys that the service named. */
import type { AccessRequest, ConditionValue } from "#cloud/kernel/access.ts";
import type { Principal } from "#cloud/kernel/principal.ts";
import type { RequestContext } from "./conditions.ts";

/** An account's organization and path: `o-x`, and `o-x/r-y/ou-z/`. */
export type OrganizationMembership = { readonly id: string; readonly path: string };

type ContextFacts = {
  readonly principal: Principal;
  readonly request: AccessRequest;
  readonly resourceAccount: string;
  readonly region: string;
  readonly now: Date;
  readonly sourceIp: string;
  readonly secure: boolean;
  /** Tags of the role or user. A session's own tags override them. */
  readonly entityTags: Readonly<Record<string, string>>;
  /** A user's unique id. */
  readonly userId?: string | undefined;
  readonly membershipOf: (account: string) => OrganizationMembership | undefined;
};

type Keys = Readonly<Record<string, ConditionValue | undefined>>;

export function requestContext(facts: ContextFacts): RequestContext {
  const { principal, request, resourceAccount, now, sourceIp, membershipOf } = facts;
  const service = principal.kind === "service";
  const keys: Keys = {
    "aws:CurrentTime": now.toISOString(),
    "aws:EpochTime": Math.floor(now.getTime() / 1000),
    "aws:SecureTransport": facts.secure,
    "aws:RequestedRegion": facts.region,
    "aws:SourceIp": service || !/^[0-9a-f.:]+$/i.test(sourceIp) ? undefined : sourceIp,
    "aws:ViaAWSService": false,
    "aws:PrincipalIsAWSService": service,
    "aws:ResourceAccount": resourceAccount,
    "aws:ResourceOrgID": membershipOf(resourceAccount)?.id,
    "aws:ResourceOrgPaths": list(membershipOf(resourceAccount)?.path),
    ...principalKeys(facts),
    ...prefixed("aws:ResourceTag/", request.tags),
    ...(request.action.startsWith("iam:") && prefixed("iam:ResourceTag/", request.tags)),
    ...request.context,
  };
  const context = new Map<string, readonly string[]>();
  for (const [key, value] of Object.entries(keys)) {
    if (value === undefined) continue;
    context.set(key.toLowerCase(), typeof value === "object" ? value : [String(value)]);
  }
  const tagKeys = Object.keys(keys)
    .filter((key) => key.startsWith("aws:RequestTag/"))
    .map((key) => key.slice("aws:RequestTag/".length));
  if (tagKeys.length > 0 && !context.has("aws:tagkeys")) context.set("aws:tagkeys", tagKeys);
  return context;
}

function principalKeys({ principal, entityTags, userId, membershipOf }: ContextFacts): Keys {
  if (principal.kind === "anonymous") return { "aws:PrincipalType": "Anonymous" };
  if (principal.kind === "service") {
    const source = principal.sourceAccount === undefined ? undefined : membershipOf(principal.sourceAccount);
    return {
      "aws:PrincipalServiceName": principal.service,
      "aws:PrincipalServiceNamesList": [principal.service],
      "aws:SourceAccount": principal.sourceAccount,
      "aws:SourceArn": principal.sourceArn,
      "aws:SourceOrgID": source?.id,
      "aws:SourceOrgPaths": list(source?.path),
    };
  }
  const member = membershipOf(principal.account);
  const shared: Keys = {
    "aws:PrincipalAccount": principal.account,
    "aws:PrincipalOrgID": member?.id,
    "aws:PrincipalOrgPaths": list(member?.path),
  };
  if (principal.kind === "account")
    return {
      ...shared,
      "aws:PrincipalArn": principal.arn,
      "aws:PrincipalType": "Account",
      "aws:userid": principal.account,
    };
  if (principal.kind === "user")
    return {
      ...shared,
      ...prefixed("aws:PrincipalTag/", entityTags),
      "aws:PrincipalArn": principal.arn,
      "aws:PrincipalType": "User",
      "aws:username": principal.userName,
      "aws:userid": userId,
    };
  return {
    ...shared,
    ...prefixed("aws:PrincipalTag/", { ...entityTags, ...principal.tags }),
    // The role's ARN, not the session's, so that a policy matches every session name (IAM User Guide, "AWS
    // global condition context keys", "aws:PrincipalArn").
    "aws:PrincipalArn": principal.roleArn,
    "aws:PrincipalType": "AssumedRole",
    "aws:userid": principal.userId,
    "aws:SourceIdentity": principal.sourceIdentity,
    "aws:MultiFactorAuthPresent": false,
  };
}

const list = (value: string | undefined): readonly string[] | undefined =>
  value === undefined ? undefined : [value];

const prefixed = (prefix: string, tags: Readonly<Record<string, string>> = {}): Keys =>
  Object.fromEntries(Object.entries(tags).map(([key, value]) => [`${prefix}${key}`, value]));

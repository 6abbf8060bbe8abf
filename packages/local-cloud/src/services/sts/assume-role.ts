/**
 * AssumeRole opens a session of a role if its trust policy allows it. The caller's identity policies must
 * also allow it if the role is in another account, or if the trust policy only names the account.
 */
import type { AssumeRoleRequest } from "@aws-sdk/client-sts";
import type { AccessRequest, ConditionValue } from "#cloud/kernel/access.ts";
import { AwsError } from "#cloud/kernel/aws-error.ts";
import { invalid, type StsCall, type StsOperation, violated } from "./operation.ts";
import { checkSessionName, checkSourceIdentity, readRoleArn } from "./role-arn.ts";
import { openSession, roleOf } from "./session.ts";

export const assumeRole: StsOperation<"AssumeRole"> = {
  access: (input, call) => {
    const role = readRoleArn(input.RoleArn);
    checkSessionName(input.RoleSessionName);
    checkTags(input);
    const sourceIdentity = sourceIdentityOf(input, call);
    const asks: AccessRequest = {
      action: "sts:AssumeRole",
      resource: role.arn,
      resourceAccount: role.account,
      rule: "trust",
      context: contextOf(input, call),
    };
    return [
      asks,
      ...(input.Tags?.length ? [{ ...asks, action: "sts:TagSession" }] : []),
      ...(sourceIdentity === undefined ? [] : [{ ...asks, action: "sts:SetSourceIdentity" }]),
    ];
  },
  run: async (input, call) => {
    const arn = readRoleArn(input.RoleArn);
    const inherited = inheritedTags(call);
    const given = Object.fromEntries((input.Tags ?? []).map(({ Key = "", Value = "" }) => [Key, Value]));
    if (Object.keys(given).some((key) => key in inherited))
      throw invalid(
        "One of the specified transitive tag keys can't be set because it conflicts with a transitive tag key from the calling session.",
      );
    const tags = { ...given, ...inherited };
    const opened = await openSession(call, {
      role: await roleOf(call, arn),
      account: arn.account,
      sessionName: input.RoleSessionName ?? "",
      durationSeconds: input.DurationSeconds,
      policy: input.Policy,
      policyArns: input.PolicyArns,
      tags,
      sourceIdentity: sourceIdentityOf(input, call),
      chained: call.principal.kind === "role",
    });
    const transitive = Object.fromEntries(
      Object.entries(tags).filter(([key]) => key in inherited || input.TransitiveTagKeys?.includes(key)),
    );
    const { AssumedRoleId } = opened.AssumedRoleUser;
    const sessions = call.stateOf(arn.account).transitive;
    if (Object.keys(transitive).length > 0) sessions.set(AssumedRoleId, transitive);
    else if (sessions.has(AssumedRoleId)) sessions.delete(AssumedRoleId);
    const sourceIdentity = sourceIdentityOf(input, call);
    return { ...opened, ...(sourceIdentity !== undefined && { SourceIdentity: sourceIdentity }) };
  },
};

function checkTags({ Tags = [], TransitiveTagKeys = [], Policy, PolicyArns = [] }: AssumeRoleRequest): void {
  if (Tags.length > 50)
    throw violated("tags", Tags.length, "Member must have length less than or equal to 50");
  const keys = Tags.map(({ Key = "" }) => Key.toLowerCase());
  if (new Set(keys).size < keys.length)
    throw invalid("Duplicate tag keys found. Please note that Tag keys are case insensitive.");
  if (keys.some((key) => key.startsWith("aws:")))
    throw invalid("Tag keys starting with aws: are reserved for AWS use.");
  if (!TransitiveTagKeys.every((key) => keys.includes(key.toLowerCase())))
    throw invalid("The specified transitive tag key must be included in the requested tags.");
  if (PolicyArns.length > 10)
    throw violated("policyArns", PolicyArns.length, "Member must have length less than or equal to 10");
  if (Policy !== undefined && Policy.length > 2048)
    throw violated("policy", Policy, "Member must have length less than or equal to 2048");
}

function contextOf(
  input: AssumeRoleRequest,
  call: StsCall,
): Readonly<Record<string, ConditionValue | undefined>> {
  const tags = { ...inheritedTags(call) };
  for (const { Key = "", Value = "" } of input.Tags ?? []) tags[Key] = Value;
  return {
    "sts:ExternalId": input.ExternalId,
    "sts:RoleSessionName": input.RoleSessionName,
    "sts:SourceIdentity": sourceIdentityOf(input, call),
    "sts:TransitiveTagKeys": input.TransitiveTagKeys,
    ...Object.fromEntries(Object.entries(tags).map(([key, value]) => [`aws:RequestTag/${key}`, value])),
  };
}

/**
 * A session that has a source identity passes it on and cannot change it, so the new role's trust policy must
 * allow sts:SetSourceIdentity (IAM User Guide, "Monitor and control actions taken with assumed roles"). The page
 * gives no error code for another value.
 */
function sourceIdentityOf(
  { SourceIdentity: asked }: AssumeRoleRequest,
  { principal }: StsCall,
): string | undefined {
  if (asked !== undefined) checkSourceIdentity(asked);
  const own = principal.kind === "role" ? principal.sourceIdentity : undefined;
  if (own !== undefined && asked !== undefined && own !== asked)
    throw new AwsError("AccessDenied", "The source identity of a session cannot be changed.", 403);
  return own ?? asked;
}

/** The tags that a chained session inherits from the session of its caller. */
const inheritedTags = (call: StsCall): Record<string, string> => ({
  ...(call.principal.kind === "role"
    ? call.stateOf(call.principal.account).transitive.get(call.principal.userId)
    : undefined),
});

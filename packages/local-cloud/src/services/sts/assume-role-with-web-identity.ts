/**
 * AssumeRoleWithWebIdentity is an unsigned call. The token identifies the caller, and the role's trust policy
 * decides.
 */
import { evaluate } from "#cloud/iam/evaluate.ts";
import { parsePolicy } from "#cloud/iam/policy-document.ts";
import { federatedSubject } from "#cloud/iam/subject.ts";
import { AwsError, isAwsError } from "#cloud/kernel/aws-error.ts";
import { askIam, type StsCall, type StsOperation } from "./operation.ts";
import { checkSessionName, type RoleArn, readRoleArn } from "./role-arn.ts";
import { type IamRole, openSession, roleOf } from "./session.ts";
import { readToken, type WebIdentity } from "./web-identity-token.ts";

export const assumeRoleWithWebIdentity: StsOperation<"AssumeRoleWithWebIdentity"> = {
  // The call has no signature. `run` evaluates the token against the trust policy.
  access: () => [],
  run: async (input, call) => {
    const arn = readRoleArn(input.RoleArn);
    checkSessionName(input.RoleSessionName);
    const identity = readToken(input.WebIdentityToken ?? "", call.clock.now());
    const provider = `arn:aws:iam::${arn.account}:oidc-provider/${identity.issuer}`;
    await checkProvider(call, arn, provider, identity);
    const role = await roleOf(call, arn).catch((error: unknown) => {
      throw isAwsError(error, "NoSuchEntity") ? accessDenied() : error;
    });
    if (!trusts(role, arn, provider, identity, input.RoleSessionName ?? "")) throw accessDenied();
    const opened = await openSession(call, {
      role,
      account: arn.account,
      sessionName: input.RoleSessionName ?? "",
      durationSeconds: input.DurationSeconds,
      policy: input.Policy,
      policyArns: input.PolicyArns,
      tags: {},
      sourceIdentity: undefined,
      chained: false,
    });
    return {
      ...opened,
      SubjectFromWebIdentityToken: identity.subject,
      Audience: identity.audiences[0],
      Provider: provider,
    };
  },
};

async function checkProvider(
  call: StsCall,
  { account }: RoleArn,
  provider: string,
  { issuer, audiences }: WebIdentity,
): Promise<void> {
  const known = await askIam<{ ClientIDList: readonly string[] }>(call, account, "GetOpenIDConnectProvider", {
    OpenIDConnectProviderArn: provider,
  }).catch((error: unknown) => {
    throw isAwsError(error, "NoSuchEntity")
      ? new AwsError(
          "InvalidIdentityToken",
          `No OpenIDConnect provider found in your account for https://${issuer}`,
        )
      : error;
  });
  if (!audiences.some((audience) => known.ClientIDList.includes(audience)))
    throw new AwsError("InvalidIdentityToken", "Incorrect token audience");
}

function trusts(
  role: IamRole,
  { arn, account }: RoleArn,
  provider: string,
  { issuer, audiences, claims }: WebIdentity,
  sessionName: string,
): boolean {
  const context = new Map<string, readonly string[]>([
    ["aws:federatedprovider", [provider]],
    ["aws:principaltype", ["FederatedUser"]],
    ["sts:rolesessionname", [sessionName]],
  ]);
  for (const [claim, value] of Object.entries(claims))
    context.set(`${issuer}:${claim}`.toLowerCase(), typeof value === "string" ? [value] : value);
  context.set(`${issuer}:aud`.toLowerCase(), audiences);
  return evaluate(
    {
      resource: {
        name: `policy of ${arn}`,
        document: parsePolicy(decodeURIComponent(role.AssumeRolePolicyDocument)),
      },
    },
    {
      action: "sts:AssumeRoleWithWebIdentity",
      resource: arn,
      resourceAccount: account,
      rule: "trust",
      subject: federatedSubject(provider),
      context,
    },
  ).allowed;
}

const accessDenied = (): AwsError =>
  new AwsError("AccessDenied", "Not authorized to perform sts:AssumeRoleWithWebIdentity", 403);

/** Creates the roles of a test and the clients that act in them. */
import { CreateRoleCommand, IAMClient, PutRolePolicyCommand } from "@aws-sdk/client-iam";
import { AssumeRoleCommand, type AssumeRoleCommandInput, STSClient } from "@aws-sdk/client-sts";
import type { ClientConfig, TestCloud } from "#cloud/testing/cloud.ts";

export const policy = (...Statement: readonly object[]): string =>
  JSON.stringify({ Version: "2012-10-17", Statement });

export const trusting = (...AWS: readonly string[]): string =>
  policy({ Effect: "Allow", Principal: { AWS }, Action: ["sts:AssumeRole", "sts:TagSession"] });

/** Creates a role that the account (or `trust`) may assume. Returns its ARN. */
export async function createRole(
  cloud: TestCloud,
  account: string,
  name: string,
  options: { readonly allows?: readonly object[]; readonly trust?: string; readonly boundary?: string } = {},
): Promise<string> {
  const iam = cloud.client(IAMClient, account);
  const { Role } = await iam.send(
    new CreateRoleCommand({
      RoleName: name,
      AssumeRolePolicyDocument: options.trust ?? trusting(account),
      PermissionsBoundary: options.boundary,
    }),
  );
  if (options.allows !== undefined)
    await iam.send(
      new PutRolePolicyCommand({
        RoleName: name,
        PolicyName: "allows",
        PolicyDocument: policy(...options.allows),
      }),
    );
  return Role?.Arn ?? "";
}

/**
 * Returns credentials of a session of the role, assumed by `as` (an account's administrator or a session).
 */
export async function assume(
  cloud: TestCloud,
  as: string | ClientConfig["credentials"],
  roleArn: string,
  more: Partial<AssumeRoleCommandInput> = {},
): Promise<ClientConfig["credentials"]> {
  const { Credentials } = await cloud
    .client(STSClient, as)
    .send(new AssumeRoleCommand({ RoleArn: roleArn, RoleSessionName: "test", ...more }));
  return {
    accessKeyId: Credentials?.AccessKeyId ?? "",
    secretAccessKey: Credentials?.SecretAccessKey ?? "",
    sessionToken: Credentials?.SessionToken ?? "",
  };
}

/** Creates a role that a service or an account may assume, with one inline policy. */
import { CreateRoleCommand, IAMClient, PutRolePolicyCommand } from "@aws-sdk/client-iam";
import type { TestCloud } from "#cloud/testing/cloud.ts";

export type Statement = { readonly Effect: string; readonly Action: unknown; readonly Resource: unknown };

/** `trusted` is a service's principal or an ARN. Returns the role's ARN. */
export async function createRole(
  cloud: TestCloud,
  account: string,
  name: string,
  trusted: string,
  statements: readonly Statement[],
): Promise<string> {
  const iam = cloud.client(IAMClient, account);
  const principal = trusted.startsWith("arn:") ? { AWS: trusted } : { Service: trusted };
  await iam.send(
    new CreateRoleCommand({
      RoleName: name,
      AssumeRolePolicyDocument: JSON.stringify({
        Version: "2012-10-17",
        Statement: [{ Effect: "Allow", Principal: principal, Action: "sts:AssumeRole" }],
      }),
    }),
  );
  await iam.send(
    new PutRolePolicyCommand({
      RoleName: name,
      PolicyName: "p",
      PolicyDocument: JSON.stringify({ Version: "2012-10-17", Statement: statements }),
    }),
  );
  return `arn:aws:iam::${account}:role/${name}`;
}

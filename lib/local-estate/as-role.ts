/** Assumes a role as the account's administrator and returns SDK settings with its session. */
import { AssumeRoleCommand, STSClient } from "@aws-sdk/client-sts";
import type { ClientConfig, Clients } from "./clients.ts";

type Endpoint = { readonly clients: Clients; readonly endpoint: string; readonly region: string };

export async function asRole(at: Endpoint, account: string, role: string): Promise<ClientConfig> {
  const { endpoint, region } = at;
  const { Credentials } = await at
    .clients(STSClient, account)
    .send(
      new AssumeRoleCommand({ RoleArn: `arn:aws:iam::${account}:role/${role}`, RoleSessionName: "local" }),
    );
  return {
    endpoint,
    region,
    forcePathStyle: true,
    credentials: {
      accessKeyId: Credentials?.AccessKeyId ?? "",
      secretAccessKey: Credentials?.SecretAccessKey ?? "",
      sessionToken: Credentials?.SessionToken ?? "",
    },
  };
}

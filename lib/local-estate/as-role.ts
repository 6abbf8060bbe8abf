/** SDK settings as a session of a role of an account, assumed by the account's administrator. */
import { AssumeRoleCommand, STSClient } from "@aws-sdk/client-sts";
import type { ClientConfig, Clients } from "./clients.ts";

type Place = { readonly clients: Clients; readonly endpoint: string; readonly region: string };

export async function asRole(place: Place, account: string, role: string): Promise<ClientConfig> {
  const { endpoint, region } = place;
  const { Credentials } = await place
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

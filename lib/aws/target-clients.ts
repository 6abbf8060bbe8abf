/**
 * Creates clients for the target accounts with their deploy role. A client is created once; its session is
 * renewed shortly before it expires.
 */
import { AssumeRoleCommand, type STSClient } from "@aws-sdk/client-sts";
import type { AccountInRegion } from "#ports/target.ts";
import { roleArn } from "#release/names/arns.ts";
import { roles } from "#release/names/deployed-names.ts";
import type { AwsConfig } from "./config.ts";

const sessionName = "kedge";

class NoSession extends Error {
  override name = "NoSession";
}

/** Credentials that a client renews when `expiration` is near. */
type Session = NonNullable<AwsConfig["credentials"]> & { readonly expiration?: Date };

type TargetConfig = Omit<AwsConfig, "credentials"> & { readonly credentials: () => Promise<Session> };

/** `make` is called once for each account and region. */
export function targetClients<Client>(
  sts: STSClient,
  config: AwsConfig,
  make: (config: TargetConfig) => Client,
): (target: AccountInRegion) => Client {
  const clients = new Map<string, Client>();
  return ({ account, region }) => {
    const location = `${account}/${region}`;
    const held = clients.get(location);
    if (held !== undefined) return held;
    const client = make({
      ...config,
      region,
      credentials: () => assume(sts, roleArn(account, roles.deploy)),
    });
    clients.set(location, client);
    return client;
  };
}

async function assume(sts: STSClient, RoleArn: string): Promise<Session> {
  const { Credentials } = await sts.send(new AssumeRoleCommand({ RoleArn, RoleSessionName: sessionName }));
  const { AccessKeyId, SecretAccessKey, SessionToken, Expiration } = Credentials ?? {};
  if (AccessKeyId === undefined || SecretAccessKey === undefined) {
    throw new NoSession(`STS answered without credentials for ${RoleArn}.`);
  }
  return {
    accessKeyId: AccessKeyId,
    secretAccessKey: SecretAccessKey,
    ...(SessionToken !== undefined && { sessionToken: SessionToken }),
    ...(Expiration && { expiration: Expiration }),
  };
}

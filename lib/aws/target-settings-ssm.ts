/**
 * Reads the parameter store of the target accounts, and checks which secrets exist. It never reads secret
 * values.
 */
import { DescribeSecretCommand, type SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { GetParametersCommand, type SSMClient } from "@aws-sdk/client-ssm";
import type { AccountInRegion } from "#ports/target.ts";
import type { StoredParameter, TargetSettings } from "#ports/target-settings.ts";

const batch = 10; // of one call

type SettingsClients = {
  readonly ssm: (target: AccountInRegion) => SSMClient;
  readonly secrets: (target: AccountInRegion) => SecretsManagerClient;
};

export const targetSettings = (clients: SettingsClients): TargetSettings => ({
  read: async (target, names) => {
    const known: Record<string, StoredParameter> = {};
    for (let at = 0; at < names.length; at += batch) {
      const { Parameters = [] } = await clients
        .ssm(target)
        .send(new GetParametersCommand({ Names: names.slice(at, at + batch) }));
      for (const { Name = "", Selector = "", Type, Value = "", Version = 0 } of Parameters) {
        const secure = Type === "SecureString";
        known[Name + Selector] = { secure, value: secure ? "" : Value, version: Version };
      }
    }
    return known;
  },
  secrets: async (target, names) => {
    const found: string[] = [];
    for (const SecretId of names) {
      if (await exists(clients.secrets(target), SecretId)) found.push(SecretId);
    }
    return found;
  },
});

/** A secret that is scheduled for deletion cannot be read any more. */
async function exists(client: SecretsManagerClient, SecretId: string): Promise<boolean> {
  try {
    const { DeletedDate } = await client.send(new DescribeSecretCommand({ SecretId }));
    return DeletedDate === undefined;
  } catch (error) {
    if (error instanceof Error && error.name === "ResourceNotFoundException") return false;
    throw error;
  }
}

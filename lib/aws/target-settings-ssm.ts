/**
 * Reads the parameter store of the target accounts, and checks which secrets exist. It never reads secret
 * values.
 */
import { DescribeSecretCommand, type SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import type { SSMClient } from "@aws-sdk/client-ssm";
import type { AccountInRegion } from "#ports/target.ts";
import type { TargetSettings } from "#ports/target-settings.ts";
import { storedParameters } from "./stored-parameters-ssm.ts";

type SettingsClients = {
  readonly ssm: (target: AccountInRegion) => SSMClient;
  readonly secrets: (target: AccountInRegion) => SecretsManagerClient;
};

export const targetSettings = (clients: SettingsClients): TargetSettings => ({
  ...storedParameters(clients.ssm),
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

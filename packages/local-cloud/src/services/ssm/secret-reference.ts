/**
 * Reads `/aws/reference/secretsmanager/<secret>`: a secret of Secrets Manager in the form of a parameter, with the
 * caller's permissions there (Systems Manager User Guide, "Referencing AWS Secrets Manager secrets from Parameter Store
 * parameters").
 */
import type { GetSecretValueCommandOutput } from "@aws-sdk/client-secrets-manager";
import { AwsError, isAwsError } from "#cloud/kernel/aws-error.ts";
import { parameterArn, type SsmCall } from "./operation.ts";

const PREFIX = "/aws/reference/secretsmanager/";

export const isSecretReference = (name: string): boolean => name.startsWith(PREFIX);

export async function readSecret(call: SsmCall, name: string, withDecryption: boolean | undefined) {
  if (!withDecryption)
    throw new AwsError(
      "ValidationException",
      "WithDecryption flag must be True for retrieving a Secret Manager secret.",
    );
  const secret = await getSecretValue(call, name);
  return {
    Name: name,
    Type: "SecureString" as const,
    Value: secret.SecretString ?? Buffer.from(secret.SecretBinary ?? []).toString("base64"),
    Version: 0,
    SourceResult: JSON.stringify({ ARN: secret.ARN, name: secret.Name, versionId: secret.VersionId }),
    LastModifiedDate: secret.CreatedDate,
    ARN: parameterArn(name, call),
    DataType: undefined,
  };
}

async function getSecretValue(call: SsmCall, name: string): Promise<GetSecretValueCommandOutput> {
  try {
    return await call.cloud.invoke<GetSecretValueCommandOutput>({
      service: "secretsmanager",
      operation: "GetSecretValue",
      input: { SecretId: name.slice(PREFIX.length) },
      principal: call.principal,
      account: call.account,
      region: call.region,
    });
  } catch (error) {
    if (!isAwsError(error, "ResourceNotFoundException")) throw error;
    throw new AwsError(
      "ParameterNotFound",
      `An error occurred (ParameterNotFound) when referencing Secrets Manager: Secret ${name} not found.`,
    );
  }
}

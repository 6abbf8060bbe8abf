/**
 * Encrypts and decrypts secret values with a KMS data key, as the caller. The encryption context contains the
 * secret and the version. `$via` tells KMS that this service makes the call (`kms:ViaService`); a client
 * cannot set it.
 */
import { createCipheriv, createDecipheriv, randomBytes } from "node:crypto";
import { AwsError, isAwsError } from "#cloud/kernel/aws-error.ts";
import { invalidParameter } from "./errors.ts";
import type { Sealed, Secret, SecretCall, SecretVersion } from "./state.ts";

/** A value has at most 64 KiB (Secrets Manager API Reference, PutSecretValue, "SecretString"). */
const MAX_BYTES = 65_536;

export type ValueInput = {
  readonly SecretString?: string | undefined;
  readonly SecretBinary?: Uint8Array | undefined;
};

export const hasValue = (input: ValueInput): boolean =>
  input.SecretString !== undefined || input.SecretBinary !== undefined;

export async function seal(
  input: ValueInput,
  secret: Pick<Secret, "arn" | "kmsKeyId" | "account" | "region">,
  versionId: string,
  call: SecretCall,
): Promise<Sealed> {
  if (input.SecretString !== undefined && input.SecretBinary !== undefined)
    throw invalidParameter(
      "You can't specify both a binary secret value and a string secret value in the same secret.",
    );
  const kind = input.SecretString === undefined ? "binary" : "text";
  const plain =
    kind === "text" ? Buffer.from(input.SecretString ?? "") : Buffer.from(input.SecretBinary ?? []);
  if (plain.length > MAX_BYTES)
    throw new AwsError(
      "ValidationException",
      `1 validation error detected: Value at 'secretString' failed to satisfy constraint: Member must have length less than or equal to ${MAX_BYTES}`,
    );
  const { Plaintext, CiphertextBlob } = await kms<{ Plaintext: Uint8Array; CiphertextBlob: Uint8Array }>(
    "GenerateDataKey",
    { KeyId: secret.kmsKeyId ?? "alias/aws/secretsmanager", KeySpec: "AES_256" },
    { secret, versionId, call },
  );
  const nonce = randomBytes(12);
  const cipher = createCipheriv("aes-256-gcm", Plaintext, nonce);
  const bytes = Buffer.concat([cipher.update(plain), cipher.final()]);
  return { kind, dataKey: CiphertextBlob, nonce, tag: cipher.getAuthTag(), bytes };
}

export async function open(
  secret: Secret,
  { id, value }: SecretVersion,
  call: SecretCall,
): Promise<{ readonly SecretString: string } | { readonly SecretBinary: Uint8Array }> {
  const { Plaintext } = await kms<{ Plaintext: Uint8Array }>(
    "Decrypt",
    { CiphertextBlob: value.dataKey },
    { secret, versionId: id, call },
  );
  const decipher = createDecipheriv("aes-256-gcm", Plaintext, value.nonce);
  decipher.setAuthTag(value.tag);
  const bytes = Buffer.concat([decipher.update(value.bytes), decipher.final()]);
  return value.kind === "text" ? { SecretString: bytes.toString("utf8") } : { SecretBinary: bytes };
}

async function kms<Result>(
  operation: string,
  input: object,
  at: {
    readonly secret: Pick<Secret, "arn" | "account" | "region">;
    readonly versionId: string;
    readonly call: SecretCall;
  },
): Promise<Result> {
  const { secret, versionId, call } = at;
  try {
    return await call.cloud.invoke<Result>({
      service: "kms",
      operation,
      input: {
        ...input,
        EncryptionContext: { SecretARN: secret.arn, SecretVersionId: versionId },
        $via: `secretsmanager.${secret.region}.amazonaws.com`,
      },
      principal: call.principal,
      account: secret.account,
      region: secret.region,
    });
  } catch (error) {
    if (!isAwsError(error)) throw error;
    if (error.code === "AccessDeniedException")
      throw new AwsError(error.code, `Access to KMS is not allowed: ${error.message}`);
    const failure = operation === "Decrypt" ? "DecryptionFailure" : "EncryptionFailure";
    throw new AwsError(failure, `${error.code}: ${error.message}`);
  }
}

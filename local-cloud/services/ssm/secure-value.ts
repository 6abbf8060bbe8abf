/**
 * SecureStrings: encrypted by KMS as the caller, bound to the parameter's ARN. `$via` tells KMS what a client cannot:
 * that this service makes the call (`kms:ViaService`).
 */
import type { Reference } from "./names.ts";
import { parameterArn, type SsmCall } from "./operation.ts";
import type { ParameterVersion } from "./state.ts";

const DEFAULT_KEY = "alias/aws/ssm";

const contextOf = (place: Pick<Reference, "name" | "account" | "region">) => ({
  PARAMETER_ARN: parameterArn(place.name, place),
});

export async function encrypt(
  call: SsmCall,
  name: string,
  value: string,
  keyId: string | undefined,
): Promise<{ readonly value: string; readonly keyId: string }> {
  const { CiphertextBlob } = await call.cloud.invoke<{ CiphertextBlob?: Uint8Array }>({
    service: "kms",
    operation: "Encrypt",
    input: {
      KeyId: keyId ?? DEFAULT_KEY,
      Plaintext: Buffer.from(value),
      EncryptionContext: contextOf({ name, account: call.account, region: call.region }),
      $via: `ssm.${call.region}.amazonaws.com`,
    },
    principal: call.principal,
    account: call.account,
    region: call.region,
  });
  return { value: Buffer.from(CiphertextBlob ?? []).toString("base64"), keyId: keyId ?? DEFAULT_KEY };
}

export async function decrypt(
  call: SsmCall,
  place: Pick<Reference, "name" | "account" | "region">,
  version: ParameterVersion,
): Promise<string> {
  const { Plaintext } = await call.cloud.invoke<{ Plaintext?: Uint8Array }>({
    service: "kms",
    operation: "Decrypt",
    input: {
      CiphertextBlob: Buffer.from(version.value, "base64"),
      EncryptionContext: contextOf(place),
      $via: `ssm.${place.region}.amazonaws.com`,
    },
    principal: call.principal,
    account: call.account,
    region: place.region,
  });
  return Buffer.from(Plaintext ?? []).toString("utf8");
}

/**
 * Encrypts and decrypts SecureStrings with KMS, as the caller; the encryption context contains the
 * parameter's ARN. An advanced parameter can exceed KMS's limit of 4096 bytes, so it uses a data key. `$via`
 * tells KMS that this service makes the call (`kms:ViaService`); a client cannot set it.
 */
import { createCipheriv, createDecipheriv, randomBytes } from "node:crypto";
import type { Reference } from "./names.ts";
import { parameterArn, type SsmCall } from "./operation.ts";
import type { ParameterVersion } from "./state.ts";

const DEFAULT_KEY = "alias/aws/ssm";
const NONCE = 12;
const TAG = 16;

type Location = Pick<Reference, "name" | "account" | "region">;
type KmsAnswer = { readonly CiphertextBlob?: Uint8Array; readonly Plaintext?: Uint8Array };

const kms = (operation: string, input: object, location: Location, call: SsmCall): Promise<KmsAnswer> =>
  call.cloud.invoke<KmsAnswer>({
    service: "kms",
    operation,
    input: {
      ...input,
      EncryptionContext: { PARAMETER_ARN: parameterArn(location.name, location) },
      $via: `ssm.${location.region}.amazonaws.com`,
    },
    principal: call.principal,
    account: call.account,
    region: location.region,
  });

export async function encrypt(
  call: SsmCall,
  name: string,
  value: string,
  { keyId = DEFAULT_KEY, tier }: { readonly keyId: string | undefined; readonly tier: string },
): Promise<{ readonly value: string; readonly keyId: string }> {
  const location = { name, account: call.account, region: call.region };
  const plain = Buffer.from(value);
  if (tier !== "Advanced") {
    const { CiphertextBlob } = await kms("Encrypt", { KeyId: keyId, Plaintext: plain }, location, call);
    return { value: Buffer.from(CiphertextBlob ?? []).toString("base64"), keyId };
  }
  const made = await kms("GenerateDataKey", { KeyId: keyId, KeySpec: "AES_256" }, location, call);
  const dataKey = Buffer.from(made.CiphertextBlob ?? []);
  const nonce = randomBytes(NONCE);
  const cipher = createCipheriv("aes-256-gcm", made.Plaintext ?? new Uint8Array(), nonce);
  const sealed = Buffer.concat([cipher.update(plain), cipher.final()]);
  const length = Buffer.alloc(2);
  length.writeUInt16BE(dataKey.length);
  return {
    value: Buffer.concat([length, dataKey, nonce, cipher.getAuthTag(), sealed]).toString("base64"),
    keyId,
  };
}

export async function decrypt(
  call: SsmCall,
  location: Location,
  version: Pick<ParameterVersion, "value" | "tier">,
): Promise<string> {
  const stored = Buffer.from(version.value, "base64");
  if (version.tier !== "Advanced") {
    const { Plaintext } = await kms("Decrypt", { CiphertextBlob: stored }, location, call);
    return Buffer.from(Plaintext ?? []).toString("utf8");
  }
  const at = 2 + stored.readUInt16BE(0);
  const { Plaintext } = await kms("Decrypt", { CiphertextBlob: stored.subarray(2, at) }, location, call);
  const decipher = createDecipheriv(
    "aes-256-gcm",
    Plaintext ?? new Uint8Array(),
    stored.subarray(at, at + NONCE),
  );
  decipher.setAuthTag(stored.subarray(at + NONCE, at + NONCE + TAG));
  return Buffer.concat([decipher.update(stored.subarray(at + NONCE + TAG)), decipher.final()]).toString(
    "utf8",
  );
}

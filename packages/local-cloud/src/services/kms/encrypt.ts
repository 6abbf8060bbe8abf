/**
 * Encrypt, Decrypt and ReEncrypt work on values of at most 4096 bytes with a KMS key. (KMS API Reference,
 * Encrypt)
 */
import { AwsError } from "#cloud/kernel/aws-error.ts";
import { keyOfBlob, open, seal } from "./ciphertext.ts";
import { findKey, usable } from "./find-key.ts";
import { keyAccess, onKey } from "./key-access.ts";
import type { Key, KmsCall, KmsOperation } from "./state.ts";

const ALGORITHM = "SYMMETRIC_DEFAULT";

export const encrypt: KmsOperation<"Encrypt"> = {
  access: onKey("Encrypt"),
  run: (input, call) => {
    const plaintext = input.Plaintext ?? new Uint8Array();
    checkAlgorithm(input.EncryptionAlgorithm);
    const key = usable(findKey(input.KeyId, call));
    if (input.DryRun) throw dryRun();
    return {
      CiphertextBlob: seal(key, plaintext, input.EncryptionContext ?? {}),
      KeyId: key.arn,
      EncryptionAlgorithm: ALGORITHM,
    };
  },
};

export const decrypt: KmsOperation<"Decrypt"> = {
  access: (input, call) => keyAccess(keyOfBlob(input.CiphertextBlob, call), "Decrypt", input, call),
  run: (input, call) => {
    checkAlgorithm(input.EncryptionAlgorithm);
    const key = keyForDecrypt(input.KeyId, input.CiphertextBlob, call);
    if (input.DryRun) throw dryRun();
    return {
      KeyId: key.arn,
      Plaintext: open(key, input.CiphertextBlob, input.EncryptionContext ?? {}),
      EncryptionAlgorithm: ALGORITHM,
    };
  },
};

export const reEncrypt: KmsOperation<"ReEncrypt"> = {
  access: (input, call) => [
    keyAccess(
      keyOfBlob(input.CiphertextBlob, call),
      "ReEncryptFrom",
      { EncryptionContext: input.SourceEncryptionContext },
      call,
      { "kms:ReEncryptOnSameKey": isSame(input, call) },
    ),
    keyAccess(
      findKey(input.DestinationKeyId, call),
      "ReEncryptTo",
      { KeyId: input.DestinationKeyId, EncryptionContext: input.DestinationEncryptionContext },
      call,
      { "kms:ReEncryptOnSameKey": isSame(input, call) },
    ),
  ],
  run: (input, call) => {
    const source = keyForDecrypt(input.SourceKeyId, input.CiphertextBlob, call);
    const target = usable(findKey(input.DestinationKeyId, call));
    const plaintext = open(source, input.CiphertextBlob, input.SourceEncryptionContext ?? {});
    return {
      CiphertextBlob: seal(target, plaintext, input.DestinationEncryptionContext ?? {}),
      SourceKeyId: source.arn,
      KeyId: target.arn,
      SourceEncryptionAlgorithm: ALGORITHM,
      DestinationEncryptionAlgorithm: ALGORITHM,
    };
  },
};

const isSame = (
  input: { readonly CiphertextBlob?: Uint8Array | undefined; readonly DestinationKeyId?: string | undefined },
  call: KmsCall,
): boolean => keyOfBlob(input.CiphertextBlob, call).arn === findKey(input.DestinationKeyId, call).arn;

/** Returns the key of a ciphertext. If the caller names a key, both must be the same key. */
function keyForDecrypt(keyId: string | undefined, blob: Uint8Array | undefined, call: KmsCall): Key {
  const key = keyOfBlob(blob, call);
  if (keyId !== undefined && findKey(keyId, call).arn !== key.arn)
    throw new AwsError(
      "IncorrectKeyException",
      "The key ID in the request does not identify a CMK that can perform this operation.",
    );
  return usable(key);
}

function checkAlgorithm(algorithm: string | undefined): void {
  if (algorithm !== undefined && algorithm !== ALGORITHM)
    throw new AwsError(
      "InvalidKeyUsageException",
      `${algorithm} is not a valid algorithm for a symmetric key.`,
    );
}

export const dryRun = (): AwsError =>
  new AwsError(
    "DryRunOperationException",
    "The request would have succeeded, but the DryRun option is set.",
    412,
  );

/**
 * GenerateDataKey returns a new data key with or without its plaintext. GenerateRandom returns random bytes.
 */
import { randomBytes } from "node:crypto";
import { seal } from "./ciphertext.ts";
import { dryRun } from "./encrypt.ts";
import { findKey, usable, validation } from "./find-key.ts";
import { onKey } from "./key-access.ts";
import type { KmsCall, KmsOperation } from "./state.ts";

type DataKeyInput = {
  readonly KeyId: string | undefined;
  readonly KeySpec?: string | undefined;
  readonly NumberOfBytes?: number | undefined;
  readonly EncryptionContext?: Record<string, string> | undefined;
  readonly DryRun?: boolean | undefined;
};

export const generateDataKey: KmsOperation<"GenerateDataKey"> = {
  access: onKey("GenerateDataKey"),
  run: (input, call) => makeDataKey(input, call),
};

export const generateDataKeyWithoutPlaintext: KmsOperation<"GenerateDataKeyWithoutPlaintext"> = {
  access: onKey("GenerateDataKeyWithoutPlaintext"),
  run: (input, call) => {
    const { Plaintext: _plaintext, ...sealed } = makeDataKey(input, call);
    return sealed;
  },
};

export const generateRandom: KmsOperation<"GenerateRandom"> = {
  access: () => ({ action: "kms:GenerateRandom", resource: "*" }),
  run: ({ NumberOfBytes: count }) => ({ Plaintext: randomBytes(checkCount(count)) }),
};

function makeDataKey(input: DataKeyInput, call: KmsCall) {
  const { KeySpec: spec, NumberOfBytes: count } = input;
  if ((spec === undefined) === (count === undefined))
    throw validation("Please specify either number of bytes or key spec.");
  if (spec !== undefined && spec !== "AES_256" && spec !== "AES_128")
    throw validation(
      `1 validation error detected: Value '${spec}' at 'keySpec' failed to satisfy constraint: Member must satisfy enum value set: [AES_256, AES_128]`,
    );
  const plaintext = randomBytes(spec === "AES_256" ? 32 : spec === "AES_128" ? 16 : checkCount(count));
  const key = usable(findKey(input.KeyId, call));
  if (input.DryRun) throw dryRun();
  return {
    CiphertextBlob: seal(key, plaintext, input.EncryptionContext ?? {}),
    Plaintext: plaintext,
    KeyId: key.arn,
  };
}

function checkCount(count: number | undefined): number {
  if (count === undefined || !Number.isInteger(count) || count < 1 || count > 1024)
    throw validation(
      `1 validation error detected: Value '${count}' at 'numberOfBytes' failed to satisfy constraint: Member must have value between 1 and 1024`,
    );
  return count;
}

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
  run: ({ NumberOfBytes: count }) => ({ Plaintext: randomBytes(count ?? 0) }),
};

function makeDataKey(input: DataKeyInput, call: KmsCall) {
  const { KeySpec: spec, NumberOfBytes: count } = input;
  if ((spec === undefined) === (count === undefined))
    throw validation("Please specify either number of bytes or key spec.");
  const plaintext = randomBytes(spec === "AES_256" ? 32 : spec === "AES_128" ? 16 : (count ?? 0));
  const key = usable(findKey(input.KeyId, call));
  if (input.DryRun) throw dryRun();
  return {
    CiphertextBlob: seal(key, plaintext, input.EncryptionContext ?? {}),
    Plaintext: plaintext,
    KeyId: key.arn,
  };
}

/**
 * Encrypts and decrypts bytes with a key's material (AES-256-GCM) and binds them to the encryption context.
 * The ciphertext contains the key's ARN, so a caller of Decrypt need not name the key.
 */
import { createCipheriv, createDecipheriv, randomBytes } from "node:crypto";
import { AwsError } from "#cloud/kernel/aws-error.ts";
import type { Key, KmsCall } from "./state.ts";

type Context = Readonly<Record<string, string>>;

/** Layout: `magic · material · length of the ARN · ARN · nonce · tag · bytes`. */
const MAGIC = 0x4b;
const NONCE = 12;
const TAG = 16;

const invalidCiphertext = (): AwsError => new AwsError("InvalidCiphertextException", "");

export function seal(key: Key, plaintext: Uint8Array, context: Context): Uint8Array {
  const material = key.material.length - 1;
  const arn = Buffer.from(key.arn);
  const nonce = randomBytes(NONCE);
  const cipher = createCipheriv("aes-256-gcm", key.material[material]?.bytes ?? new Uint8Array(), nonce);
  cipher.setAAD(canonical(context));
  const sealed = Buffer.concat([cipher.update(plaintext), cipher.final()]);
  const head = Buffer.from([MAGIC, material, arn.length]);
  return Buffer.concat([head, arn, nonce, cipher.getAuthTag(), sealed]);
}

/** Finds the key that encrypted a ciphertext. A missing key gets the same error as a forbidden key. */
export function keyOfBlob(blob: Uint8Array | undefined, call: KmsCall): Key {
  const arn = parse(blob).arn;
  const [, , , region = "", account = "", resource = ""] = arn.split(":");
  const id = resource.replace("key/", "");
  // All copies of a multi-Region key decrypt the same ciphertexts.
  const key =
    region === call.region || id.startsWith("mrk-")
      ? call.stateOf(account, call.region).keys.get(id)
      : undefined;
  if (key === undefined)
    throw new AwsError(
      "AccessDeniedException",
      "The ciphertext refers to a customer master key that does not exist, does not exist in this region, or you are not allowed to access.",
    );
  return key;
}

export function open(key: Key, blob: Uint8Array | undefined, context: Context): Uint8Array {
  const { material, nonce, tag, sealed } = parse(blob);
  const bytes = key.material[material]?.bytes;
  if (bytes === undefined) throw invalidCiphertext();
  const decipher = createDecipheriv("aes-256-gcm", bytes, nonce);
  decipher.setAAD(canonical(context));
  decipher.setAuthTag(tag);
  try {
    return Buffer.concat([decipher.update(sealed), decipher.final()]);
  } catch {
    throw invalidCiphertext();
  }
}

function parse(blob: Uint8Array | undefined) {
  const bytes = Buffer.from(blob ?? []);
  const length = bytes[2] ?? 0;
  const at = 3 + length;
  if (bytes[0] !== MAGIC || bytes.length < at + NONCE + TAG) throw invalidCiphertext();
  return {
    material: bytes[1] ?? 0,
    arn: bytes.toString("utf8", 3, at),
    nonce: bytes.subarray(at, at + NONCE),
    tag: bytes.subarray(at + NONCE, at + NONCE + TAG),
    sealed: bytes.subarray(at + NONCE + TAG),
  };
}

const canonical = (context: Context): Buffer =>
  Buffer.from(JSON.stringify(Object.entries(context).sort(([left], [right]) => (left < right ? -1 : 1))));

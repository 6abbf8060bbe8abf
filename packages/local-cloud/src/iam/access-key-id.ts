/**
 * Creates key ids and unique ids as AWS does. An access key id carries its account, so that the id leads to
 * its owner.
 */
import { randomBytes } from "node:crypto";

const ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

/**
 * `AKIA` is for users' keys, `ASIA` for temporary ones. The id's base 32 holds the account (STS API
 * Reference, GetAccessKeyInfo).
 */
export function newAccessKeyId(prefix: "AKIA" | "ASIA", account: string): string {
  const bytes = randomBytes(10);
  const low = BigInt(bytes[5] ?? 0) & 0x7fn;
  // The top bit marks an id that carries its account.
  const head = (1n << 47n) | (BigInt(account) << 7n) | low;
  bytes.writeUIntBE(Number(head), 0, 6);
  return prefix + base32(bytes);
}

/** Returns the account of an access key id, or undefined for another text. */
export function accountOfAccessKey(accessKeyId: string): string | undefined {
  if (!/^A(?:KIA|SIA)[A-Z2-7]{16}$/.test(accessKeyId)) return undefined;
  let value = 0n;
  for (const char of accessKeyId.slice(4)) value = (value << 5n) | BigInt(ALPHABET.indexOf(char));
  return String((value >> 39n) & 0xff_ffff_ffffn).padStart(12, "0");
}

/**
 * Creates a unique id: `AROA…` role, `AIDA…` user, `ANPA…` policy, `AIPA…` instance profile (IAM User Guide,
 * "IAM identifiers").
 */
export const newUniqueId = (prefix: "AROA" | "AIDA" | "ANPA" | "AIPA"): string =>
  `${prefix}${base32(randomBytes(11)).slice(0, 17)}`;

export const newSecret = (): string => randomBytes(30).toString("base64");

function base32(bytes: Uint8Array): string {
  let text = "";
  let value = 0;
  let bits = 0;
  for (const byte of bytes) {
    value = (value << 8) | byte;
    for (bits += 8; bits >= 5; bits -= 5) text += ALPHABET[(value >>> (bits - 5)) & 31];
    value &= (1 << bits) - 1;
  }
  return text;
}

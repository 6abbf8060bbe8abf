/** Fingerprints: SHA-256 as hex or as lower-case base32, and the one JSON text that equal values share. */

import { createHash } from "node:crypto"; // a pure function of its input, hence allowed in the core
import { compareTexts } from "./compare-texts.ts";

export const sha256 = (content: string | Uint8Array): Uint8Array =>
  createHash("sha256").update(content).digest();

export const sha256Hex = (content: string | Uint8Array): string =>
  createHash("sha256").update(content).digest("hex");

/** The SHA-256 of a stream, in constant memory. */
export async function sha256OfStream(chunks: AsyncIterable<Uint8Array>): Promise<string> {
  const hash = createHash("sha256");
  for await (const chunk of chunks) hash.update(chunk);
  return hash.digest("hex");
}

const alphabet = "abcdefghijklmnopqrstuvwxyz234567";

/** The first `length` characters of RFC 4648 base32, lower-case: five bits each, safe in every AWS name. */
export function base32(bytes: Uint8Array, length: number): string {
  let text = "";
  for (let bit = 0; text.length < length; bit += 5) {
    const byte = Math.floor(bit / 8);
    const pair = ((bytes[byte] ?? 0) << 8) | (bytes[byte + 1] ?? 0);
    text += alphabet[(pair >> (11 - (bit % 8))) & 31];
  }
  return text;
}

/**
 * Writes JSON with sorted keys and without `undefined`. Equal values give equal bytes, independent of their
 * key order.
 */
export function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_key, inner: unknown) => {
    if (typeof inner !== "object" || inner === null || Array.isArray(inner)) return inner;
    return Object.fromEntries(Object.entries(inner).sort(([a], [b]) => compareTexts(a, b)));
  });
}

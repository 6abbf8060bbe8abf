/**
 * Makes a self-signed X.509 certificate for an RSA key. Node can read certificates and cannot write them, so this file
 * writes the DER of the one kind that is needed (RFC 5280, version 1, without extensions).
 */
import { createPublicKey, randomBytes, sign } from "node:crypto";

const [INTEGER, BIT_STRING, NULL, OBJECT_ID, UTF8, SEQUENCE, SET] = [
  0x02, 0x03, 0x05, 0x06, 0x0c, 0x30, 0x31,
];
const [UTC_TIME, GENERALIZED_TIME] = [0x17, 0x18];

function der(tag: number, ...parts: readonly (Buffer | string)[]): Buffer {
  const body = Buffer.concat(parts.map((part) => (typeof part === "string" ? Buffer.from(part) : part)));
  if (body.length < 128) return Buffer.concat([Buffer.from([tag, body.length]), body]);
  const length = Buffer.from(body.length.toString(16).padStart(body.length > 0xff ? 4 : 2, "0"), "hex");
  return Buffer.concat([Buffer.from([tag, 0x80 | length.length]), length, body]);
}

/** 1.2.840.113549.1.1.11, and 2.5.4.3 */
const SHA256_WITH_RSA = der(SEQUENCE, der(OBJECT_ID, Buffer.from("2a864886f70d01010b", "hex")), der(NULL));
const COMMON_NAME = der(OBJECT_ID, Buffer.from("550403", "hex"));

/** The certificate is valid at any time, because a test may move the clock anywhere. */
const VALIDITY = der(SEQUENCE, der(UTC_TIME, "000101000000Z"), der(GENERALIZED_TIME, "99991231235959Z"));

/** Returns the certificate as PEM. `privateKey` is an RSA key as PEM. */
export function selfSignedCertificate(commonName: string, privateKey: string): string {
  const name = der(SEQUENCE, der(SET, der(SEQUENCE, COMMON_NAME, der(UTF8, commonName))));
  // The first bit of a positive number is 0.
  const serial = Buffer.concat([Buffer.from([0x01]), randomBytes(15)]);
  const publicKey = createPublicKey(privateKey).export({ type: "spki", format: "der" });
  const content = der(SEQUENCE, der(INTEGER, serial), SHA256_WITH_RSA, name, VALIDITY, name, publicKey);
  const signature = sign("sha256", content, privateKey);
  const bits = der(BIT_STRING, Buffer.concat([Buffer.from([0]), signature]));
  const lines =
    der(SEQUENCE, content, SHA256_WITH_RSA, bits)
      .toString("base64")
      .match(/.{1,64}/g) ?? [];
  return ["-----BEGIN CERTIFICATE-----", ...lines, "-----END CERTIFICATE-----", ""].join("\n");
}

/** Reads the checksum that a request declares, computes checksums, and joins the checksums of parts. */
import { createHash } from "node:crypto";
import { AwsError } from "#cloud/kernel/aws-error.ts";
import { type Crc, createCrc32, createCrc32c, createCrc64, joinCrcs } from "./crc.ts";
import { invalidRequest } from "./errors.ts";
import type { Checksum, ChecksumAlgorithm } from "./state.ts";

/** The length of each checksum in bytes. This is also the list of the supported algorithms. */
const LENGTHS: Readonly<Record<ChecksumAlgorithm, number>> = {
  CRC32: 4,
  CRC32C: 4,
  CRC64NVME: 8,
  SHA1: 20,
  SHA256: 32,
  SHA512: 64,
  MD5: 16,
};
const ALGORITHMS = Object.keys(LENGTHS) as ChecksumAlgorithm[];

/** The algorithm that S3 uses if the client chooses none. (S3 User Guide, "Checking object integrity") */
export const DEFAULT_ALGORITHM: ChecksumAlgorithm = "CRC64NVME";

/** The checksum members of inputs and outputs: `ChecksumCRC32` and so on. */
export type ChecksumMembers = { readonly [A in ChecksumAlgorithm as `Checksum${A}`]?: string | undefined };

type ClaimedChecksum = { readonly algorithm: ChecksumAlgorithm; readonly value: string | undefined };

/**
 * Returns the checksum that the request declares in its headers. The value of a trailer comes after the body.
 */
export function claimedChecksum(
  input: ChecksumMembers & { readonly ChecksumAlgorithm?: string | undefined },
): ClaimedChecksum | undefined {
  const given = ALGORITHMS.filter((algorithm) => input[`Checksum${algorithm}`] !== undefined);
  if (given.length > 1)
    throw invalidRequest(
      "Expecting a single x-amz-checksum- header. Multiple checksum Types are not allowed.",
    );
  const asked = input.ChecksumAlgorithm === undefined ? undefined : knownAlgorithm(input.ChecksumAlgorithm);
  const [algorithm = asked] = given;
  if (algorithm === undefined) return undefined;
  const value = input[`Checksum${algorithm}`];
  if (value !== undefined) checkForm(algorithm, value);
  return { algorithm, value };
}

export function knownAlgorithm(name: string): ChecksumAlgorithm {
  const algorithm = ALGORITHMS.find((known) => known === name.toUpperCase());
  if (algorithm === undefined)
    throw invalidRequest(
      `Checksum algorithm provided is unsupported. Please try again with any of the valid types: [${ALGORITHMS.join(", ")}]`,
    );
  return algorithm;
}

function checkForm(algorithm: ChecksumAlgorithm, value: string): void {
  if (!/^[A-Za-z0-9+/]+={0,2}$/.test(value) || Buffer.from(value, "base64").length !== LENGTHS[algorithm])
    throw invalidRequest(`Value for x-amz-checksum-${algorithm.toLowerCase()} header is invalid.`);
}

/** Returns the checksum in the trailers, after the body was read. */
export function trailingChecksum(trailers: Readonly<Record<string, string>>): ClaimedChecksum | undefined {
  for (const algorithm of ALGORITHMS) {
    const value = trailers[`x-amz-checksum-${algorithm.toLowerCase()}`];
    if (value === undefined) continue;
    checkForm(algorithm, value);
    return { algorithm, value };
  }
  return undefined;
}

export function createDigest(algorithm: ChecksumAlgorithm): Crc {
  if (algorithm === "CRC32") return createCrc32();
  if (algorithm === "CRC32C") return createCrc32c();
  if (algorithm === "CRC64NVME") return createCrc64();
  const hash = createHash(algorithm.toLowerCase());
  return { update: (chunk) => void hash.update(chunk), digest: () => hash.digest() };
}

export const checksumMismatch = (algorithm: ChecksumAlgorithm): AwsError =>
  new AwsError("BadDigest", `The ${algorithm} you specified did not match the calculated checksum.`);

/** Joins the checksums of parts to the checksum of the whole object. */
export function joinChecksums(
  algorithm: ChecksumAlgorithm,
  type: Checksum["type"],
  parts: readonly { readonly checksum: string; readonly size: number }[],
): Checksum {
  const digests = parts.map(({ checksum, size }) => ({ digest: Buffer.from(checksum, "base64"), size }));
  if (
    type === "FULL_OBJECT" &&
    (algorithm === "CRC32" || algorithm === "CRC32C" || algorithm === "CRC64NVME")
  )
    return { algorithm, type, value: joinCrcs(algorithm, digests).toString("base64") };
  const digest = createDigest(algorithm);
  for (const part of digests) digest.update(part.digest);
  return { algorithm, type: "COMPOSITE", value: `${digest.digest().toString("base64")}-${parts.length}` };
}

export const checksumOutput = ({
  algorithm,
  value,
}: Pick<Checksum, "algorithm" | "value">): ChecksumMembers => ({
  [`Checksum${algorithm}`]: value,
});

/** Stores a body while it arrives, computes its digests, and compares them with the client's values. */
import { createHash } from "node:crypto";
import { Readable } from "node:stream";
import { AwsError } from "#cloud/kernel/aws-error.ts";
import type { Blob, Blobs } from "#cloud/kernel/blobs.ts";
import {
  type ChecksumMembers,
  checksumMismatch,
  claimedChecksum,
  createDigest,
  DEFAULT_ALGORITHM,
  trailingChecksum,
} from "./checksums.ts";
import type { ChecksumAlgorithm } from "./state.ts";

const MAX_SIZE = 5 * 2 ** 30;

type Received = {
  readonly blob: Blob;
  /** Hex. */
  readonly md5: string;
  readonly algorithm: ChecksumAlgorithm;
  /** Base64. */
  readonly checksum: string;
};

type BodyInput = ChecksumMembers & {
  readonly Body?: unknown;
  readonly ContentMD5?: string | undefined;
  readonly ContentLength?: number | undefined;
  readonly ChecksumAlgorithm?: string | undefined;
};

/** `fallback` is the algorithm if the client names none. */
export async function receiveBody(
  input: BodyInput,
  blobs: Blobs,
  fallback: ChecksumAlgorithm = DEFAULT_ALGORITHM,
): Promise<Received> {
  const claimed = claimedChecksum(input);
  const claimedMd5 = readContentMd5(input.ContentMD5);
  if ((input.ContentLength ?? 0) > MAX_SIZE) throw tooLarge(input.ContentLength ?? 0);
  const md5 = createHash("md5");
  const first = claimed?.algorithm ?? fallback;
  const digest = createDigest(first);
  let size = 0;
  const blob = await blobs
    .write(asBody(input.Body), (chunk) => {
      size += chunk.length;
      if (size > MAX_SIZE) throw tooLarge(size);
      md5.update(chunk);
      digest.update(chunk);
    })
    .catch((cause: unknown) => {
      throw isConnectionError(cause)
        ? new AwsError(
            "IncompleteBody",
            "You did not provide the number of bytes specified by the Content-Length HTTP header",
          )
        : cause;
    });
  try {
    const trailers = (input as { readonly $trailers?: Readonly<Record<string, string>> }).$trailers;
    const trailing = trailers && trailingChecksum(trailers);
    const algorithm = claimed?.algorithm ?? trailing?.algorithm ?? first;
    // If the trailer was not announced, the stored bytes are read again for its checksum.
    const checksum = (algorithm === first ? digest : await digestOf(algorithm, blobs.read(blob)))
      .digest()
      .toString("base64");
    const expected = claimed?.value ?? trailing?.value;
    if (expected !== undefined && expected !== checksum) throw checksumMismatch(algorithm);
    const calculated = md5.digest();
    if (claimedMd5 !== undefined && !claimedMd5.equals(calculated))
      throw new AwsError("BadDigest", "The Content-MD5 you specified did not match what we received.", 400, {
        ExpectedDigest: input.ContentMD5,
        CalculatedDigest: calculated.toString("base64"),
      });
    return { blob, md5: calculated.toString("hex"), algorithm, checksum };
  } catch (error) {
    await blobs.delete(blob.id);
    throw error;
  }
}

async function digestOf(
  algorithm: ChecksumAlgorithm,
  bytes: Readable,
): Promise<ReturnType<typeof createDigest>> {
  const digest = createDigest(algorithm);
  for await (const chunk of bytes) digest.update(chunk as Buffer);
  return digest;
}

/** A body from HTTP is a stream. Another service may also pass bytes or text. */
function asBody(body: unknown): Readable | Uint8Array {
  if (body instanceof Readable || body instanceof Uint8Array) return body;
  return Buffer.from(typeof body === "string" ? body : "");
}

function readContentMd5(header: string | undefined): Buffer | undefined {
  if (header === undefined) return undefined;
  const bytes = Buffer.from(header, "base64");
  if (bytes.length !== 16 || !/^[A-Za-z0-9+/]{22}==$/.test(header))
    throw new AwsError("InvalidDigest", "The Content-MD5 you specified was invalid.", 400, {
      "Content-MD5": header,
    });
  return bytes;
}

const tooLarge = (size: number): AwsError =>
  new AwsError("EntityTooLarge", "Your proposed upload exceeds the maximum allowed size", 400, {
    ProposedSize: size,
    MaxSizeAllowed: MAX_SIZE,
  });

const isConnectionError = (error: unknown): boolean =>
  ["ECONNRESET", "ERR_STREAM_PREMATURE_CLOSE"].includes((error as NodeJS.ErrnoException).code ?? "");

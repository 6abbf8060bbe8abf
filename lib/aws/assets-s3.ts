/**
 * Writes assets of artifacts to the cache bucket, each with one conditional PutObject. S3 computes the SHA-256
 * itself and refuses other bytes. A multipart upload would have only a digest of digests (S3 User Guide,
 * "Checking object integrity").
 */
import { Readable } from "node:stream";
import {
  GetObjectCommand,
  HeadObjectCommand,
  type HeadObjectCommandOutput,
  PutObjectCommand,
  type S3Client,
  type S3ServiceException,
} from "@aws-sdk/client-s3";
import type { Assets, DigestedContent } from "#ports/assets.ts";
import { sha256OfStream } from "#release/names/digest.ts";
import type { StoredAsset } from "#release/stack/stored-asset.ts";
import { isMissingObject, isNamed } from "./error-names.ts";
import { type CacheBucket, encryption } from "./line-cache-s3.ts";

/** The SDK does not repeat a request with a stream as its body, so `putOnce` begins the stream anew. */
const attempts = 4;

/** `elsewhere` returns the client and the bucket of another region. */
export const assetsS3 = (
  s3: S3Client,
  bucket: CacheBucket,
  region: string,
  elsewhere: (region: string) => readonly [S3Client, CacheBucket],
): Assets => ({
  bucket: bucket.name,
  region,
  elsewhere: (other) => assetsS3(...elsewhere(other), other, elsewhere),
  newest: async (key) => {
    try {
      const head = await s3.send(
        new HeadObjectCommand({ Bucket: bucket.name, Key: key, ChecksumMode: "ENABLED" }),
      );
      return await stored(s3, bucket.name, key, head);
    } catch (error) {
      if (isMissingObject(error)) return undefined;
      throw error;
    }
  },
  version: async (key, versionId) => {
    try {
      const head = await s3.send(
        new HeadObjectCommand({
          Bucket: bucket.name,
          Key: key,
          VersionId: versionId,
          ChecksumMode: "ENABLED",
        }),
      );
      return await stored(s3, bucket.name, key, head);
    } catch (error) {
      if (isMissingObject(error)) return undefined;
      throw error;
    }
  },
  putOnce: async (key, content) => {
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await put(s3, bucket, key, content);
      } catch (error) {
        if (isNamed(error, "PreconditionFailed")) return undefined;
        if (attempt === attempts || !mayPass(error)) throw error;
      }
    }
  },
});

async function put(
  s3: S3Client,
  bucket: CacheBucket,
  key: string,
  { size, sha256, chunks }: DigestedContent,
): Promise<string> {
  const body = Readable.from(chunks(), { objectMode: false });
  const source: { error?: unknown } = {};
  const stop = new AbortController();
  // The SDK pipes the body and does not look at its errors, so an error of the source stops the request.
  body.on("error", (error) => {
    source.error = error;
    stop.abort();
  });
  const command = new PutObjectCommand({
    Bucket: bucket.name,
    Key: key,
    Body: body,
    ContentLength: size,
    ChecksumSHA256: Buffer.from(sha256, "hex").toString("base64"),
    IfNoneMatch: "*",
    ...encryption(bucket),
  });
  try {
    const { VersionId } = await s3.send(command, { abortSignal: stop.signal });
    return VersionId ?? "null";
  } catch (error) {
    throw source.error ?? error;
  } finally {
    body.destroy();
  }
}

/** True for a broken connection, a throttle, a fault of S3, and another conditional write under way. */
function mayPass(error: unknown): boolean {
  if (isNamed(error, "ConditionalRequestConflict", "ThrottlingException", "RequestTimeout")) return true;
  if (!(error instanceof Error)) return false;
  const { httpStatusCode: status } = (error as Partial<S3ServiceException>).$metadata ?? {};
  return status === undefined ? "code" in error : status >= 500;
}

/**
 * An object without S3's own SHA-256 of the whole object was not written by `putOnce`: by an earlier version of
 * Kedge, or by another principal. Its bytes are read to learn their digest.
 */
async function stored(
  s3: S3Client,
  bucket: string,
  key: string,
  { VersionId = "null", ContentLength: size = 0, ChecksumType, ChecksumSHA256 }: HeadObjectCommandOutput,
): Promise<StoredAsset> {
  if (ChecksumSHA256 !== undefined && ChecksumType === "FULL_OBJECT")
    return { key, versionId: VersionId, size, sha256: Buffer.from(ChecksumSHA256, "base64").toString("hex") };
  const { Body } = await s3.send(new GetObjectCommand({ Bucket: bucket, Key: key, VersionId }));
  const sha256 = await sha256OfStream(Body as unknown as AsyncIterable<Uint8Array>);
  return { key, versionId: VersionId, size, sha256 };
}

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
import { isNamed, unlessMissing } from "./error-names.ts";
import { type CacheBucket, encryption } from "./line-cache-s3.ts";

/** An asset of this size is read before it is sent, so the SDK can repeat the request. */
const largestBuffered = 8 * 1024 ** 2;
/** The SDK does not repeat a request with a stream as its body, so a larger asset begins anew. */
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
    const order = new HeadObjectCommand({ Bucket: bucket.name, Key: key, ChecksumMode: "ENABLED" });
    const head = await unlessMissing(s3.send(order));
    return head && storedAsset(s3, bucket.name, key, head);
  },
  version: async (key, versionId) => {
    const at = { Bucket: bucket.name, Key: key, VersionId: versionId };
    const head = await unlessMissing(s3.send(new HeadObjectCommand({ ...at, ChecksumMode: "ENABLED" })));
    return head && storedAsset(s3, bucket.name, key, head);
  },
  putOnce: async (key, content) => {
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await (content.size <= largestBuffered ? putBuffered : putStreamed)(s3, bucket, key, content);
      } catch (error) {
        if (isNamed(error, "PreconditionFailed")) return undefined;
        if (attempt === attempts || !mayPass(error, content)) throw error;
      }
    }
  },
});

async function putBuffered(
  s3: S3Client,
  bucket: CacheBucket,
  key: string,
  content: DigestedContent,
): Promise<string> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of content.chunks()) chunks.push(chunk);
  const { VersionId } = await s3.send(
    new PutObjectCommand({ ...conditionalPut(bucket, key, content), Body: Buffer.concat(chunks) }),
  );
  return VersionId ?? "null";
}

async function putStreamed(
  s3: S3Client,
  bucket: CacheBucket,
  key: string,
  content: DigestedContent,
): Promise<string> {
  const body = Readable.from(content.chunks(), { objectMode: false });
  const source: { error?: unknown } = {};
  const stop = new AbortController();
  // The SDK pipes the body and does not look at its errors, so an error of the source stops the request.
  body.on("error", (error) => {
    source.error = error;
    stop.abort();
  });
  try {
    const { VersionId } = await s3.send(
      new PutObjectCommand({
        ...conditionalPut(bucket, key, content),
        Body: body,
        ContentLength: content.size,
      }),
      { abortSignal: stop.signal },
    );
    return VersionId ?? "null";
  } catch (error) {
    throw source.error ?? error;
  } finally {
    body.destroy();
  }
}

const conditionalPut = (bucket: CacheBucket, Key: string, { sha256 }: DigestedContent) => ({
  Bucket: bucket.name,
  Key,
  ChecksumSHA256: Buffer.from(sha256, "hex").toString("base64"),
  IfNoneMatch: "*",
  ...encryption(bucket),
});

/** True for another conditional write under way, and for an error that the SDK would repeat a request after. */
function mayPass(error: unknown, { size }: DigestedContent): boolean {
  if (isNamed(error, "ConditionalRequestConflict")) return true;
  if (size <= largestBuffered || !(error instanceof Error)) return false;
  const { httpStatusCode: status } = (error as Partial<S3ServiceException>).$metadata ?? {};
  return status === undefined
    ? "code" in error
    : status >= 500 || isNamed(error, "ThrottlingException", "RequestTimeout");
}

/**
 * An object without S3's own SHA-256 of the whole object was not written by `putOnce`: by an earlier version of
 * Kedge, or by another principal. Its bytes are read to learn their digest.
 */
async function storedAsset(
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

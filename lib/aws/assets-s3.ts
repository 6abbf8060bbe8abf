/**
 * Writes assets of artifacts to the cache bucket as streams: multipart uploads of a few megabytes per part,
 * each of which can be retried.
 */
import { Readable } from "node:stream";
import { HeadObjectCommand, type S3Client } from "@aws-sdk/client-s3";
import { Upload } from "@aws-sdk/lib-storage";
import type { Assets } from "#ports/assets.ts";
import { isMissingObject } from "./error-names.ts";
import { type CacheBucket, encryption } from "./line-cache-s3.ts";

const pieceBytes = 8 * 1024 ** 2;
const mostPieces = 10_000;

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
  has: async (key) => {
    try {
      await s3.send(new HeadObjectCommand({ Bucket: bucket.name, Key: key }));
      return true;
    } catch (error) {
      if (isMissingObject(error)) return false;
      throw error;
    }
  },
  put: async (key, { size, chunks }) => {
    const upload = new Upload({
      client: s3,
      params: {
        Bucket: bucket.name,
        Key: key,
        Body: Readable.from(chunks(), { objectMode: false }),
        ...encryption(bucket),
      },
      partSize: Math.max(pieceBytes, Math.ceil(size / mostPieces)),
      queueSize: 2,
    });
    await upload.done();
  },
});

/** Puts artifacts into the central bucket: large ones in pieces, each of which the SDK repeats by itself. */
import { Readable } from "node:stream";
import { PutObjectCommand, type S3Client } from "@aws-sdk/client-s3";
import { Upload } from "@aws-sdk/lib-storage";
import type { Uploads } from "#ports/uploads.ts";

export const uploadsS3 = (s3: S3Client, bucket: string): Uploads => ({
  put: async (key, { chunks, metadata }, onProgress) => {
    const upload = new Upload({
      client: s3,
      params: {
        Bucket: bucket,
        Key: key,
        Body: Readable.from(chunks(), { objectMode: false }),
        ContentType: "application/zip",
        ...(metadata && { Metadata: { ...metadata } }),
      },
    });
    if (onProgress) upload.on("httpUploadProgress", ({ loaded = 0 }) => onProgress(loaded));
    return (await upload.done()).VersionId;
  },
  putTombstone: async (key) => {
    const empty = new PutObjectCommand({ Bucket: bucket, Key: key, Body: new Uint8Array() });
    return (await s3.send(empty)).VersionId;
  },
});

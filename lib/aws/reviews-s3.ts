/** Reads and writes reviews in the central bucket. */
import { GetObjectCommand, type S3Client } from "@aws-sdk/client-s3";
import type { Reviews } from "#ports/reviews.ts";
import { unlessMissing } from "./error-names.ts";
import { putOnce } from "./put-once.ts";

export const reviewsS3 = (s3: S3Client, bucket: string): Reviews => ({
  bucket,
  write: async (key, content, contentType) => {
    await putOnce(s3, {
      Bucket: bucket,
      Key: key,
      Body: content,
      ContentType: contentType,
      CacheControl: "no-store",
    });
  },
  read: async (key) => {
    const found = await unlessMissing(s3.send(new GetObjectCommand({ Bucket: bucket, Key: key })));
    return found?.Body?.transformToString();
  },
});

/**
 * Stores the locks of gated environments in the cache bucket, with conditional writes (S3 User Guide, "How to
 * prevent object overwrites with conditional writes").
 */
import { GetObjectCommand, PutObjectCommand, type S3Client } from "@aws-sdk/client-s3";
import type { EnvironmentLocks } from "#ports/environment-locks.ts";
import { isMissingObject, unlessMissing } from "./error-names.ts";
import { type CacheBucket, encryption } from "./line-cache-s3.ts";
import { isWriteConflict } from "./put-once.ts";

/** Without the ARN of the key, the bucket encrypts with its default key, which is the same. */
export const environmentLocksS3 = (
  s3: S3Client,
  bucket: Pick<CacheBucket, "name"> & Partial<CacheBucket>,
): EnvironmentLocks => ({
  read: async (key) => {
    const found = await unlessMissing(s3.send(new GetObjectCommand({ Bucket: bucket.name, Key: key })));
    return found && { content: (await found.Body?.transformToString()) ?? "", tag: found.ETag ?? "" };
  },
  write: async (key, content, tag) => {
    const condition = tag === undefined ? { IfNoneMatch: "*" } : { IfMatch: tag };
    try {
      await s3.send(
        new PutObjectCommand({
          Bucket: bucket.name,
          Key: key,
          Body: content,
          ...(bucket.keyArn !== undefined && encryption({ name: bucket.name, keyArn: bucket.keyArn })),
          ...condition,
        }),
      );
      return true;
    } catch (error) {
      // Without an object, If-Match has nothing to compare: S3 answers 404.
      if (isWriteConflict(error) || isMissingObject(error)) return false;
      throw error;
    }
  },
});

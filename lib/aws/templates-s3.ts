/** Stores templates that are too large for a call, beside the parts of artifacts in the cache of their region. */
import type { S3Client } from "@aws-sdk/client-s3";
import type { Templates } from "#ports/templates.ts";
import { sha256Hex } from "#release/names/digest.ts";
import { cacheKeys } from "#release/names/names.ts";
import { type CacheBucket, encryption } from "./line-cache-s3.ts";
import { putOnce } from "./put-once.ts";

/** `cacheIn` returns the client and the bucket of a region. */
export const templatesS3 = (cacheIn: (region: string) => readonly [S3Client, CacheBucket]): Templates => ({
  publish: async (region, template) => {
    const [s3, bucket] = cacheIn(region);
    const key = cacheKeys.asset(sha256Hex(template), ".template");
    await putOnce(s3, { Bucket: bucket.name, Key: key, Body: template, ...encryption(bucket) });
    return `https://${bucket.name}.s3.${region}.amazonaws.com/${key}`;
  },
});

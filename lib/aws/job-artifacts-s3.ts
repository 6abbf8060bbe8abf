/**
 * Reads and writes the artifacts that CodePipeline passes between actions, with the Lambda's own role and not
 * with the job's credentials.
 */
import { GetObjectCommand, PutObjectCommand, type S3Client } from "@aws-sdk/client-s3";
import type { JobArtifacts } from "#ports/job-artifacts.ts";
import { type CacheBucket, encryption } from "./line-cache-s3.ts";

export const jobArtifactsS3 = (s3: S3Client, bucket: CacheBucket): JobArtifacts => ({
  read: async ({ bucket: Bucket, key: Key }) => {
    const { Body } = await s3.send(new GetObjectCommand({ Bucket, Key }));
    return (await Body?.transformToByteArray()) ?? new Uint8Array(0);
  },
  write: async ({ bucket: Bucket, key: Key }, content) => {
    await s3.send(new PutObjectCommand({ Bucket, Key, Body: content, ...encryption(bucket) }));
  },
});

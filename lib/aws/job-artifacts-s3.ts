/**
 * Reads and writes the artifacts that CodePipeline passes between actions, with the Lambda's own role and not
 * with the job's credentials.
 */
import { GetObjectCommand, type S3Client } from "@aws-sdk/client-s3";
import type { ArtifactLocation, JobArtifacts } from "#ports/job-artifacts.ts";
import { ReleaseError } from "#release/errors/errors.ts";
import { isMissingObject, isNamed } from "./error-names.ts";
import { type CacheBucket, encryption } from "./line-cache-s3.ts";
import { putOnce } from "./put-once.ts";

/** S3 may refuse a conditional write because another one of the same key is under way. */
const attempts = 3;

export const jobArtifactsS3 = (s3: S3Client, bucket: CacheBucket): JobArtifacts => ({
  read: (location) => read(s3, location),
  write: async (location, content) => {
    const { bucket: Bucket, key: Key } = location;
    for (let attempt = 1; attempt <= attempts; attempt += 1) {
      if (await putOnce(s3, { Bucket, Key, Body: content, ...encryption(bucket) })) return;
      const there = await found(s3, location, attempt === attempts);
      if (there === undefined) continue;
      if (Buffer.compare(there, content) === 0) return; // an earlier run of the same action wrote it
      break;
    }
    const seen = `s3://${Bucket}/${Key} has other bytes than this run of the action made; an output is written once.`;
    throw new ReleaseError("AssetAltered", seen);
  },
});

async function read(s3: S3Client, { bucket: Bucket, key: Key }: ArtifactLocation): Promise<Uint8Array> {
  const { Body } = await s3.send(new GetObjectCommand({ Bucket, Key }));
  return (await Body?.transformToByteArray()) ?? new Uint8Array(0);
}

/**
 * S3 answers 403 for a missing object to a role that may not list the bucket (S3 API Reference, GetObject), so a denial
 * is a missing object until the last attempt.
 */
async function found(
  s3: S3Client,
  location: ArtifactLocation,
  last: boolean,
): Promise<Uint8Array | undefined> {
  try {
    return await read(s3, location);
  } catch (error) {
    if (!last && (isMissingObject(error) || isNamed(error, "AccessDenied"))) return undefined;
    throw error;
  }
}

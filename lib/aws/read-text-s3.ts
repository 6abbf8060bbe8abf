/** Reads a text of S3 that may be missing. */
import { GetObjectCommand, type S3Client } from "@aws-sdk/client-s3";
import { unlessMissing } from "./error-names.ts";

export type StoredText = { readonly text: string; readonly etag: string | undefined };

/**
 * Undefined only when S3 answers that the object is missing. Every other error is thrown, a denial above all: S3 answers
 * 403 for a missing object to callers without s3:ListBucket (S3 API Reference, GetObject).
 */
export async function readText(s3: S3Client, bucket: string, key: string): Promise<StoredText | undefined> {
  const found = await unlessMissing(s3.send(new GetObjectCommand({ Bucket: bucket, Key: key })));
  return found && { text: (await found.Body?.transformToString()) ?? "", etag: found.ETag };
}

/** Reads a text of S3 that may be missing. */
import { GetObjectCommand, type S3Client } from "@aws-sdk/client-s3";
import { isMissingObject } from "./error-names.ts";

export type StoredText = { readonly text: string; readonly etag: string | undefined };

/**
 * Undefined only when S3 answers that the object is missing. Every other error is thrown, a denial above all: S3 answers
 * 403 for a missing object to callers without s3:ListBucket (S3 API Reference, GetObject).
 */
export async function readText(s3: S3Client, bucket: string, key: string): Promise<StoredText | undefined> {
  try {
    const { Body, ETag } = await s3.send(new GetObjectCommand({ Bucket: bucket, Key: key }));
    return { text: (await Body?.transformToString()) ?? "", etag: ETag };
  } catch (error) {
    if (isMissingObject(error)) return undefined;
    throw error;
  }
}

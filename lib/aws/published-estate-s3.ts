/** Reads the published estate with S3's id of its version. */
import { GetObjectCommand, type S3Client } from "@aws-sdk/client-s3";
import type { PublishedEstate } from "#ports/estate-publication.ts";
import { registryKeys } from "#release/names/registry-keys.ts";
import { isMissingObject } from "./error-names.ts";

/** Undefined only when S3 answers that there is no estate. */
export async function publishedEstate(s3: S3Client, bucket: string): Promise<PublishedEstate | undefined> {
  try {
    const order = new GetObjectCommand({ Bucket: bucket, Key: registryKeys.estate });
    const { Body, VersionId = "", ETag } = await s3.send(order);
    return { text: (await Body?.transformToString()) ?? "", version: VersionId, etag: ETag };
  } catch (error) {
    if (isMissingObject(error)) return undefined;
    throw error;
  }
}

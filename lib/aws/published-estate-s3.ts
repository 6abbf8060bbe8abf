/** Reads the published estate with S3's id of its version. */
import { GetObjectCommand, type S3Client } from "@aws-sdk/client-s3";
import type { PublishedEstate } from "#ports/estate-publication.ts";
import { registryKeys } from "#release/names/registry-keys.ts";
import { unlessMissing } from "./error-names.ts";

/** Undefined only when S3 answers that there is no estate. */
export async function publishedEstate(s3: S3Client, bucket: string): Promise<PublishedEstate | undefined> {
  const found = await unlessMissing(
    s3.send(new GetObjectCommand({ Bucket: bucket, Key: registryKeys.estate })),
  );
  if (found === undefined) return undefined;
  const { Body, VersionId = "", ETag } = found;
  return { text: (await Body?.transformToString()) ?? "", version: VersionId, etag: ETag };
}

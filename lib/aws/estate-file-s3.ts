/**
 * Reads the published estate file. Each load sends a conditional request, and the file is transferred and
 * parsed only when it has changed.
 */
import { GetObjectCommand, type S3Client } from "@aws-sdk/client-s3";
import type { EstateFile } from "#ports/estate-file.ts";
import type { Estate } from "#release/estate/estate.ts";
import { parseEstate } from "#release/estate/estate-parse.ts";
import { registryKeys } from "#release/names/registry-keys.ts";

export function estateFileS3(s3: S3Client, bucket: string): EstateFile {
  let held: { readonly etag: string | undefined; readonly estate: Estate } | undefined;
  return {
    load: async () => {
      try {
        const { Body, ETag } = await s3.send(
          new GetObjectCommand({
            Bucket: bucket,
            Key: registryKeys.estate,
            ...(held?.etag !== undefined && { IfNoneMatch: held.etag }),
          }),
        );
        held = { etag: ETag, estate: parseEstate((await Body?.transformToString()) ?? "") };
        return held.estate;
      } catch (error) {
        if (held !== undefined && isNotModified(error)) return held.estate;
        throw error;
      }
    },
  };
}

const isNotModified = (error: unknown): boolean =>
  (error as { readonly $metadata?: { readonly httpStatusCode?: number } }).$metadata?.httpStatusCode === 304;

/** Reads uploads in the central bucket by exact version. */
import {
  type _Object,
  GetObjectCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  paginateListObjectsV2,
  type S3Client,
} from "@aws-sdk/client-s3";
import type { Artifacts, Upload } from "#ports/artifacts.ts";
import type { ArtifactNow } from "#release/line/observation.ts";
import { claimsIn } from "#release/people/claims.ts";
import type { ArtifactRef } from "#release/plan/release.ts";
import { isNamed } from "./error-names.ts";
import { provesMissing } from "./missing-object.ts";

/** The number of times in a row that a broken transfer is resumed without a byte of progress. */
const resumptions = 3;

export function artifactsS3(s3: S3Client, bucket: string): Artifacts {
  const fetch = async (artifact: ArtifactRef, start: number, end: number) => {
    const { bucket: Bucket, key: Key, versionId: VersionId } = artifact;
    const { Body } = await s3.send(
      new GetObjectCommand({ Bucket, Key, VersionId, Range: `bytes=${start}-${end - 1}` }),
    );
    return Body;
  };
  return {
    newest: (key) => newest(s3, bucket, key),
    reader: (artifact) => ({
      size: artifact.size,
      read: async (start, end) => {
        if (start >= end) return new Uint8Array(0);
        try {
          return (await (await fetch(artifact, start, end))?.transformToByteArray()) ?? new Uint8Array(0);
        } catch (error) {
          if (isNamed(error, "InvalidRange")) return new Uint8Array(0);
          throw error;
        }
      },
    }),
    stream: async function* (artifact, start = 0, end = artifact.size) {
      let at = start;
      for (let failures = 0; at < end; ) {
        try {
          const body = (await fetch(artifact, at, end)) as AsyncIterable<Uint8Array> | undefined;
          for await (const chunk of body ?? []) {
            failures = 0;
            at += chunk.length;
            yield chunk;
          }
          return; // a body that is shorter than asked for is the object's end
        } catch (error) {
          failures += 1;
          if (failures > resumptions || isAnswer(error)) throw error;
        }
      }
    },
    uploads: (account) => uploads(s3, bucket, account),
    listed: async (key) => {
      const { Contents = [] } = await s3.send(
        new ListObjectsV2Command({ Bucket: bucket, Prefix: key, MaxKeys: 1 }),
      );
      return uploadsIn(Contents).find((upload) => upload.key === key);
    },
  };
}

/** An error from S3 itself is thrown; a broken connection is resumed. */
const isAnswer = (error: unknown): boolean => error instanceof Error && "$fault" in error;

async function newest(s3: S3Client, bucket: string, key: string): Promise<ArtifactNow | undefined> {
  try {
    const head = await s3.send(new HeadObjectCommand({ Bucket: bucket, Key: key }));
    const claims = claimsIn(head.Metadata ?? {});
    return {
      bucket,
      key,
      versionId: head.VersionId ?? "null",
      size: head.ContentLength ?? 0,
      etag: (head.ETag ?? "").replaceAll('"', ""),
      lastModified: (head.LastModified ?? new Date(0)).toISOString(),
      ...(claims && { claims }),
    };
  } catch (error) {
    if (await provesMissing(error, s3, bucket, key)) return undefined;
    throw error;
  }
}

async function* uploads(s3: S3Client, bucket: string, account: string): AsyncGenerator<Upload> {
  const input = { Bucket: bucket, Prefix: `${account}/` };
  for await (const { Contents = [] } of paginateListObjectsV2({ client: s3 }, input)) {
    yield* uploadsIn(Contents);
  }
}

const uploadsIn = (contents: readonly _Object[]): readonly Upload[] =>
  contents.flatMap(({ Key: key, Size = 0, LastModified = new Date(0) }) =>
    key === undefined ? [] : [{ key, size: Size, lastModified: LastModified.toISOString() }],
  );

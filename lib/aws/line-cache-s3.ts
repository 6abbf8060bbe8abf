/** Stores an anchor's records of its lines in its cache bucket. */
import {
  DeleteObjectsCommand,
  GetObjectCommand,
  ListObjectVersionsCommand,
  PutObjectCommand,
  paginateListObjectsV2,
  type S3Client,
} from "@aws-sdk/client-s3";
import type { LineCache } from "#ports/line-cache.ts";
import { cacheKeys } from "#release/names/names.ts";
import { unlessMissing } from "./error-names.ts";
import { putOnce } from "./put-once.ts";

export type CacheBucket = { readonly name: string; readonly keyArn: string };

/** Every write names the encryption, independent of the bucket's default. */
export const encryption = ({ keyArn }: CacheBucket) =>
  ({ ServerSideEncryption: "aws:kms", SSEKMSKeyId: keyArn }) as const;

class CacheNotRemoved extends Error {
  override name = "CacheNotRemoved";
}

/** `elsewhere` returns the client and the bucket of another region. */
export const lineCacheS3 = (
  s3: S3Client,
  bucket: CacheBucket,
  elsewhere: (region: string) => readonly [S3Client, CacheBucket],
): LineCache => ({
  get: async (key) => {
    const found = await unlessMissing(s3.send(new GetObjectCommand({ Bucket: bucket.name, Key: key })));
    return found?.Body?.transformToByteArray();
  },
  put: async (key, content, summary) => {
    const { VersionId } = await s3.send(
      new PutObjectCommand({
        Bucket: bucket.name,
        Key: key,
        Body: content,
        ...encryption(bucket),
        ...(summary !== undefined && { Metadata: { "codepipeline-artifact-revision-summary": summary } }),
      }),
    );
    return VersionId ?? "null";
  },
  putOnce: (Key, Body) => putOnce(s3, { Bucket: bucket.name, Key, Body, ...encryption(bucket) }),
  lineNames: async () => {
    const names: string[] = [];
    const input = { Bucket: bucket.name, Prefix: cacheKeys.lines, Delimiter: "/" };
    for await (const { CommonPrefixes = [] } of paginateListObjectsV2({ client: s3 }, input))
      names.push(...CommonPrefixes.map(({ Prefix = "" }) => Prefix.slice(cacheKeys.lines.length, -1)));
    return names;
  },
  remove: (prefix) => removeBelow(s3, bucket.name, prefix),
  removeIn: async (region, prefix) => {
    const [client, { name }] = elsewhere(region);
    await removeBelow(client, name, prefix);
  },
});

async function removeBelow(s3: S3Client, Bucket: string, prefix: string): Promise<void> {
  for (;;) {
    // Listed versions are deleted before the next round, so the loop reads the first page until it is empty.
    const page = await s3.send(new ListObjectVersionsCommand({ Bucket, Prefix: prefix }));
    const found = [...(page.Versions ?? []), ...(page.DeleteMarkers ?? [])];
    if (found.length === 0) return;
    const Objects = found.map(({ Key, VersionId }) => ({ Key, VersionId }));
    const { Errors = [] } = await s3.send(
      new DeleteObjectsCommand({ Bucket, Delete: { Objects, Quiet: true } }),
    );
    const [first] = Errors;
    if (first === undefined) continue;
    const seen = `${Errors.length} of ${found.length} objects below ${prefix} were not deleted`;
    throw new CacheNotRemoved(`${seen}; ${first.Key}: ${first.Code} ${first.Message}`);
  }
}

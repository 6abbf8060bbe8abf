/**
 * Stores the slot records of lines in the cache bucket. They change with every release, so they are removed
 * version by version: delete markers would stay for months and slow down every listing.
 */
import { DeleteObjectsCommand, GetObjectCommand, PutObjectCommand, type S3Client } from "@aws-sdk/client-s3";
import type { SlotRecords, StoredSlotRecord } from "#ports/slot-records.ts";
import { unlessMissing } from "./error-names.ts";
import { type CacheBucket, encryption } from "./line-cache-s3.ts";
import { objectVersionPages } from "./object-versions.ts";

class SlotRecordsNotRemoved extends Error {
  override name = "SlotRecordsNotRemoved";
}

export const slotRecordsS3 = (s3: S3Client, bucket: CacheBucket): SlotRecords => ({
  list: async (prefix) => {
    const versions = new Map<string, string[]>();
    for await (const page of objectVersionPages(s3, { Bucket: bucket.name, Prefix: prefix })) {
      for (const { Key = "", VersionId = "null" } of page.versions) {
        versions.set(Key, [...(versions.get(Key) ?? []), VersionId]);
      }
    }
    return [...versions].map(([key, ids]) => ({ key, versions: ids }));
  },
  get: async (key) => {
    const found = await unlessMissing(s3.send(new GetObjectCommand({ Bucket: bucket.name, Key: key })));
    return found?.Body?.transformToByteArray();
  },
  put: async (key, content) => {
    const { VersionId = "null" } = await s3.send(
      new PutObjectCommand({ Bucket: bucket.name, Key: key, Body: content, ...encryption(bucket) }),
    );
    return { key, versions: [VersionId] };
  },
  remove: async (slotRecords) => {
    if (slotRecords.length === 0) return;
    const { Errors = [] } = await s3.send(
      new DeleteObjectsCommand({
        Bucket: bucket.name,
        Delete: { Objects: objectsOf(slotRecords), Quiet: true },
      }),
    );
    const [first] = Errors;
    if (first === undefined) return;
    const seen = `${Errors.length} of ${slotRecords.length} marks were not removed`;
    throw new SlotRecordsNotRemoved(`${seen}; ${first.Key}: ${first.Code} ${first.Message}`);
  },
});

const objectsOf = (slotRecords: readonly StoredSlotRecord[]): { Key: string; VersionId: string }[] =>
  slotRecords.flatMap(({ key, versions }) => versions.map((VersionId) => ({ Key: key, VersionId })));

/** Opens S3's state over the tables of the store. */
import type { OpenTable } from "#cloud/kernel/store.ts";
import { createBlobReferences } from "./blob-references.ts";
import { createBucketKeys } from "./bucket-keys.ts";
import { createObjectIndex } from "./object-index.ts";
import type { Bucket, ObjectIndex, Part, State, Upload, Version } from "./state.ts";

export function createState(table: OpenTable): State {
  const buckets = table<Bucket>("buckets");
  const parts = table<Part>("parts");
  const indexes = new Map<string, ObjectIndex>();
  const objects = (bucket: Bucket): ObjectIndex => {
    const index = indexes.get(bucket.id) ?? createObjectIndex(table<Version>(`objects-${bucket.id}`));
    indexes.set(bucket.id, index);
    return index;
  };
  return {
    buckets,
    uploads: table<Upload>("uploads"),
    parts,
    objects,
    bucketKeys: createBucketKeys(),
    blobs: createBlobReferences(function* () {
      for (const part of parts.values()) yield part.segments;
      for (const bucket of buckets.values())
        for (const version of objects(bucket).all()) yield version.content?.segments ?? [];
    }),
  };
}

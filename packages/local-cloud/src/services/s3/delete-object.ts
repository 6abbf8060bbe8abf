/**
 * DeleteObject adds a delete marker in a bucket with versioning, and removes the object in other buckets.
 * With a version id it removes that version.
 */
import type { AccessRequest } from "#cloud/kernel/access.ts";
import { commitMarker, removeVersion, versionOutput } from "./commit.ts";
import { noSuchKey, preconditionFailed } from "./errors.ts";
import { findBucket } from "./find-bucket.ts";
import { checkVersionId, type ObjectName, versionAccess } from "./find-version.ts";
import { globalStateOf, type S3Call, type S3Operation } from "./state.ts";

type DeleteInput = ObjectName & { readonly IfMatch?: string | undefined };
type Deleted = { readonly DeleteMarker?: boolean; readonly VersionId?: string };

export const deleteObject: S3Operation<"DeleteObject"> = {
  access: (input, call): AccessRequest => versionAccess("DeleteObject", input, call),
  run: (input, call) => deleteOne(input, call),
};

function deleteOne(input: DeleteInput, call: S3Call): Deleted {
  const bucket = findBucket(input, call);
  const key = input.Key ?? "";
  const objects = globalStateOf(call).objects(bucket);
  checkMatch(input, call);
  if (input.VersionId !== undefined) {
    checkVersionId(input.VersionId);
    const version = objects.find(key, input.VersionId);
    if (version === undefined) return { VersionId: input.VersionId };
    removeVersion(bucket, version, call, "DeleteObject");
    return {
      ...(version.content === undefined && { DeleteMarker: true }),
      VersionId: version.versionId,
    };
  }
  if (bucket.versioning === undefined) {
    const version = objects.newest(key);
    if (version !== undefined) removeVersion(bucket, version, call, "DeleteObject");
    return {};
  }
  const marker = commitMarker(bucket, key, call, "DeleteObject");
  return { DeleteMarker: true, ...versionOutput(bucket, marker) };
}

function checkMatch({ IfMatch, ...input }: DeleteInput, call: S3Call): void {
  if (IfMatch === undefined) return;
  const key = input.Key ?? "";
  const etag = globalStateOf(call).objects(findBucket(input, call)).newest(key)?.content?.etag;
  if (etag === undefined) throw noSuchKey(key);
  if (IfMatch !== "*" && IfMatch.replaceAll('"', "") !== etag) throw preconditionFailed("If-Match");
}

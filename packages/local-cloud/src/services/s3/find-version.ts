/** Finds the version of an object for a read, and builds the access request for it. */
import type { AccessRequest } from "#cloud/kernel/access.ts";
import { deletedKey, invalidArgument, markerNotAllowed, noSuchKey, noSuchVersion } from "./errors.ts";
import { bucketAccess, findBucket, objectAccess } from "./find-bucket.ts";
import { type Bucket, type Content, globalStateOf, type S3Call, type Version } from "./state.ts";
import { existingTagContext } from "./tags.ts";

export type ObjectName = {
  readonly Bucket: string | undefined;
  readonly Key: string | undefined;
  readonly VersionId?: string | undefined;
  readonly ExpectedBucketOwner?: string | undefined;
};

export type Found = { readonly bucket: Bucket; readonly version: Version; readonly content: Content };

/** Throws S3's error for a missing key, a missing version or a delete marker. */
export function findVersion(input: ObjectName, call: S3Call, method = "GET"): Found {
  const bucket = findBucket(input, call);
  const key = input.Key ?? "";
  const objects = globalStateOf(call).objects(bucket);
  const { VersionId: versionId } = input;
  if (versionId !== undefined) checkVersionId(versionId);
  const version = versionId === undefined ? objects.newest(key) : objects.find(key, versionId);
  if (version === undefined) throw versionId === undefined ? noSuchKey(key) : noSuchVersion(key, versionId);
  if (version.content === undefined)
    throw versionId === undefined ? deletedKey(version) : markerNotAllowed(version, method);
  return { bucket, version, content: version.content };
}

/** An id in a form that S3 never makes is an invalid argument. Another unknown id is a missing version. */
export function checkVersionId(versionId: string): void {
  if (versionId !== "null" && !/^[A-Za-z0-9._]{32}$/.test(versionId))
    throw invalidArgument("Invalid version id specified", "versionId", versionId);
}

/** The actions that have a `…Version` form for requests with a version id. */
const VERSION_ACTIONS: Readonly<Record<string, string>> = {
  GetObject: "GetObjectVersion",
  GetObjectAttributes: "GetObjectVersionAttributes",
  GetObjectTagging: "GetObjectVersionTagging",
  PutObjectTagging: "PutObjectVersionTagging",
  DeleteObjectTagging: "DeleteObjectVersionTagging",
  GetObjectAcl: "GetObjectVersionAcl",
  PutObjectAcl: "PutObjectVersionAcl",
  DeleteObject: "DeleteObjectVersion",
};

export function versionAccess(
  action: string,
  input: ObjectName,
  call: S3Call,
  context: Record<string, string | undefined> = {},
): AccessRequest {
  const bucket = findBucket(input, call);
  const key = input.Key ?? "";
  const objects = globalStateOf(call).objects(bucket);
  const named = input.VersionId === undefined ? objects.newest(key) : objects.find(key, input.VersionId);
  return objectAccess(
    bucket,
    key,
    (input.VersionId !== undefined && VERSION_ACTIONS[action]) || action,
    call,
    {
      ...existingTagContext(named?.content?.tags ?? []),
      "s3:VersionId": input.VersionId,
      ...context,
    },
  );
}

/**
 * Builds the access requests of a read. Without `s3:ListBucket` a missing key returns 403, so that the caller
 * does not learn that it is missing. (S3 API Reference, GetObject)
 */
export function readAccess(action: string, input: ObjectName, call: S3Call): readonly AccessRequest[] {
  const bucket = findBucket(input, call);
  const objects = globalStateOf(call).objects(bucket);
  const key = input.Key ?? "";
  const existing =
    input.VersionId === undefined
      ? objects.newest(key)?.content !== undefined
      : objects.find(key, input.VersionId) !== undefined;
  const read = versionAccess(action, input, call);
  return existing ? [read] : [read, bucketAccess(bucket, "ListBucket", call, { "s3:prefix": key })];
}

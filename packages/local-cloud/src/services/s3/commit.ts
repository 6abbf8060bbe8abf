/**
 * Stores a new version or a delete marker, or removes a version: updates the index, the blob references, and
 * emits the event.
 */

import { randomBytes } from "node:crypto";
import type { ChangedVersion } from "./object-event.ts";
import { emitEvent } from "./object-events.ts";
import { type Bucket, type Content, globalStateOf, type S3Call, type Version } from "./state.ts";

type Reason = "PutObject" | "POST Object" | "CopyObject" | "CompleteMultipartUpload";

/** The id has 32 characters, as in S3. */
const newVersionId = (): string =>
  randomBytes(24).toString("base64").replaceAll("+", ".").replaceAll("/", "_");

/** Makes `content` the newest version of `key`. The caller holds references to its segments before. */
export function commitObject(
  bucket: Bucket,
  key: string,
  content: Content,
  reason: Reason,
  call: S3Call,
): Version {
  const version = add(bucket, key, content, call);
  emitEvent({ kind: "created", reason, version }, bucket, call);
  return version.version;
}

export function commitMarker(bucket: Bucket, key: string, call: S3Call, reason: DeletionReason): Version {
  const version = add(bucket, key, undefined, call);
  emitEvent({ kind: "marked", reason, version }, bucket, call);
  return version.version;
}

type DeletionReason = "DeleteObject" | "Lifecycle Expiration";

/** Removes a version permanently. */
export function removeVersion(bucket: Bucket, version: Version, call: S3Call, reason: DeletionReason): void {
  const objects = globalStateOf(call).objects(bucket);
  objects.remove(version);
  const sequence = objects.nextSequence(call.clock.now());
  emitEvent({ kind: "deleted", reason, version: { version, sequence } }, bucket, call);
  release(version, call);
}

function add(bucket: Bucket, key: string, content: Content | undefined, call: S3Call): ChangedVersion {
  const objects = globalStateOf(call).objects(bucket);
  const sequence = objects.nextSequence(call.clock.now());
  const versionId = bucket.versioning === "Enabled" ? newVersionId() : "null";
  const version: Version = {
    sequence,
    key,
    versionId,
    lastModified: wholeSeconds(call.clock.now()),
    ...(content !== undefined && { content }),
  };
  // A key has one null version at most.
  const old = versionId === "null" ? objects.find(key, "null") : undefined;
  objects.put(version);
  if (old !== undefined) {
    objects.remove(old);
    release(old, call);
  }
  return { version, sequence };
}

/** S3 stores whole seconds, so that listings and HTTP headers show the same time. */
export const wholeSeconds = (date: Date): Date => new Date(Math.floor(date.getTime() / 1000) * 1000);

/** Releases the bytes in the background. The commit stays valid even if the disk cannot delete them. */
const release = ({ content }: Version, call: S3Call): void =>
  call.cloud.spawn("s3: release replaced bytes", () =>
    globalStateOf(call).blobs.release(content?.segments ?? [], call.cloud.blobs),
  );

/** Responses for unversioned buckets contain no version id. */
export const versionOutput = (bucket: Bucket, version: Version): { readonly VersionId?: string } =>
  bucket.versioning === undefined ? {} : { VersionId: version.versionId };

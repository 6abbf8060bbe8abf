/** The moment a new version, a delete marker or a removal becomes true: index, bytes' references, events. */
import type { ChangedVersion } from "./object-event.ts";
import { randomBytes } from "node:crypto";
import { emitEvent } from "./object-events.ts";
import { type Bucket, type Content, globalStateOf, type S3Call, type Version } from "./state.ts";

export type Reason = "PutObject" | "POST Object" | "CopyObject" | "CompleteMultipartUpload";

/** 32 characters, as S3's. */
export const newVersionId = (): string =>
  randomBytes(24).toString("base64").replaceAll("+", ".").replaceAll("/", "_");

/** Makes `content` the newest version of `key`; its segments must be held already. */
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

export type DeletionReason = "DeleteObject" | "Lifecycle Expiration";

/** Removes one version for good. */
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
  // Only one version of a key is the null version.
  const old = versionId === "null" ? objects.find(key, "null") : undefined;
  objects.put(version);
  if (old !== undefined) {
    objects.remove(old);
    release(old, call);
  }
  return { version, sequence };
}

/** S3 keeps no fractions: what a listing says is what a header can say. */
export const wholeSeconds = (date: Date): Date => new Date(Math.floor(date.getTime() / 1000) * 1000);

/** On the side: what was committed stays so, also when the disk refuses to delete. */
const release = ({ content }: Version, call: S3Call): void =>
  call.cloud.spawn("s3: let go of replaced bytes", () =>
    globalStateOf(call).blobs.release(content?.segments ?? [], call.cloud.blobs),
  );

/** Unversioned buckets do not speak of versions. */
export const versionOutput = (bucket: Bucket, version: Version): { readonly VersionId?: string } =>
  bucket.versioning === undefined ? {} : { VersionId: version.versionId };

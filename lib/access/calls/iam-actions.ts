/**
 * Maps an SDK command to the IAM actions it needs. Most commands have the action's name; the exceptions are
 * S3's and batch commands.
 */
import type { Sent } from "./port-calls.ts";

const exceptions: Readonly<Record<string, (sent: Sent) => readonly string[]>> = {
  GetObject: ({ arguments: given }) => [versioned("GetObject", given)],
  HeadObject: ({ arguments: given }) => [versioned("GetObject", given)],
  ListObjectsV2: () => ["ListBucket"],
  ListObjectVersions: () => ["ListBucketVersions"],
  DeleteObjects: () => ["DeleteObject"],
  CopyObject: () => ["GetObject", "PutObject"],
  // A large object is a multipart upload; the SDK aborts it when a part fails.
  Upload: () => ["PutObject", "AbortMultipartUpload"],
  SendMessageBatch: () => ["SendMessage"],
  DeleteMessageBatch: () => ["DeleteMessage"],
  ChangeMessageVisibilityBatch: () => ["ChangeMessageVisibility"],
  GetCallerIdentity: () => [], // it needs no permission (STS API Reference, GetCallerIdentity)
  Invoke: () => ["InvokeFunction"],
};

const versioned = (action: string, given: string): string =>
  given.includes("VersionId") ? `${action}Version` : action;

/** e.g. `GetObjectCommand` to `GetObject`, with a version `GetObjectVersion`; without the service's prefix. */
export function iamActions(sent: Sent): readonly string[] {
  const name = sent.command.replace(/Command$/, "");
  return exceptions[name]?.(sent) ?? [name];
}

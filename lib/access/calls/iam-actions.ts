/** What IAM asks for an SDK command. Most are named alike; the exceptions are S3's, and batches. */
import type { Sent } from "./port-calls.ts";

const exceptions: Readonly<Record<string, (sent: Sent) => readonly string[]>> = {
  GetObject: ({ arguments: given }) => [versioned("GetObject", given)],
  HeadObject: ({ arguments: given }) => [versioned("GetObject", given)],
  ListObjectsV2: () => ["ListBucket"],
  ListObjectVersions: () => ["ListBucketVersions"],
  DeleteObjects: () => ["DeleteObject"],
  CopyObject: () => ["GetObject", "PutObject"],
  // A large object goes up in pieces, which are given up when one of them fails.
  Upload: () => ["PutObject", "AbortMultipartUpload"],
  SendMessageBatch: () => ["SendMessage"],
  DeleteMessageBatch: () => ["DeleteMessage"],
  ChangeMessageVisibilityBatch: () => ["ChangeMessageVisibility"],
  Invoke: () => ["InvokeFunction"],
};

const versioned = (action: string, given: string): string =>
  given.includes("VersionId") ? `${action}Version` : action;

/** e.g. `GetObjectCommand` to `GetObject`, with a version `GetObjectVersion`; without the service's prefix. */
export function iamActions(sent: Sent): readonly string[] {
  const name = sent.command.replace(/Command$/, "");
  return exceptions[name]?.(sent) ?? [name];
}

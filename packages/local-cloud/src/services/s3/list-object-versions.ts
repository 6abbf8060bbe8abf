/**
 * ListObjectVersions returns all versions and delete markers by key. The newest version of a key comes first.
 */
import type { CommonPrefix, DeleteMarkerEntry, ObjectVersion, Owner } from "@aws-sdk/client-s3";
import { invalidArgument } from "./errors.ts";
import { bucketAccess, findBucket } from "./find-bucket.ts";
import { ownerOf } from "./owner.ts";
import { checkEncoding, encoder, entriesOf, readLimit } from "./paging.ts";
import { globalStateOf, type ObjectIndex, type S3Operation, type Version } from "./state.ts";

export const listObjectVersions: S3Operation<"ListObjectVersions"> = {
  access: (input, call) =>
    bucketAccess(findBucket(input, call), "ListBucketVersions", call, {
      "s3:prefix": input.Prefix,
      "s3:delimiter": input.Delimiter,
      "s3:max-keys": input.MaxKeys,
    }),
  run: (input, call) => {
    const bucket = findBucket(input, call);
    checkEncoding(input.EncodingType);
    const limit = readLimit(input.MaxKeys, "max-keys");
    const encode = encoder(input.EncodingType);
    const { Prefix: prefix = "", Delimiter: delimiter = "" } = input;
    const { KeyMarker: marker = "", VersionIdMarker: versionMarker } = input;
    if (versionMarker !== undefined && marker === "")
      throw invalidArgument(
        "A version-id marker cannot be specified without a key marker.",
        "version-id-marker",
        versionMarker,
      );
    const objects = globalStateOf(call).objects(bucket);
    const rest = versionMarker === undefined ? [] : olderThan(objects.versions(marker), versionMarker);
    const { page, truncated } = firstOf(entriesAfter(objects, marker, rest, { prefix, delimiter }), limit);
    const last = truncated ? page.at(-1) : undefined;
    return {
      Name: bucket.name,
      Prefix: encode(prefix),
      KeyMarker: encode(marker),
      VersionIdMarker: versionMarker ?? "",
      MaxKeys: limit,
      IsTruncated: truncated,
      ...listEntries(page, objects, ownerOf(bucket.account), encode),
      ...(input.Delimiter !== undefined && { Delimiter: encode(delimiter) }),
      ...(input.EncodingType === "url" && { EncodingType: "url" as const }),
      ...(last && { NextKeyMarker: encode("commonPrefix" in last ? last.commonPrefix : last.version.key) }),
      ...(last && "version" in last && { NextVersionIdMarker: last.version.versionId }),
    };
  },
};

type Entry = { readonly version: Version } | { readonly commonPrefix: string };

/** Yields `rest`, the versions of the marker's key that are left, and then the versions of the later keys. */
function* entriesAfter(
  objects: ObjectIndex,
  marker: string,
  rest: readonly Version[],
  { prefix, delimiter }: { readonly prefix: string; readonly delimiter: string },
): Generator<Entry> {
  if (marker.startsWith(prefix)) for (const version of rest) yield { version };
  for (const entry of entriesOf(objects.keys(), { prefix, delimiter, after: marker, alive: () => true })) {
    if ("commonPrefix" in entry) yield entry;
    else for (const version of objects.versions(entry.key)) yield { version };
  }
}

/** A request for no entries is never truncated. */
function firstOf(entries: Iterable<Entry>, limit: number) {
  const page: Entry[] = [];
  for (const entry of entries) {
    if (page.length >= limit) return { page, truncated: limit > 0 };
    page.push(entry);
  }
  return { page, truncated: false };
}

function listEntries(
  page: readonly Entry[],
  objects: ObjectIndex,
  owner: Owner,
  encode: (text: string) => string,
) {
  const versions: ObjectVersion[] = [];
  const markers: DeleteMarkerEntry[] = [];
  const prefixes: CommonPrefix[] = [];
  for (const entry of page) {
    if ("commonPrefix" in entry) {
      prefixes.push({ Prefix: encode(entry.commonPrefix) });
      continue;
    }
    const { version } = entry;
    const { content, versionId } = version;
    const common = {
      Key: encode(version.key),
      VersionId: versionId,
      IsLatest: objects.newest(version.key) === version,
      LastModified: version.lastModified,
      Owner: owner,
    };
    if (content === undefined) markers.push(common);
    else
      versions.push({
        ...common,
        ETag: `"${content.etag}"`,
        Size: content.size,
        StorageClass: content.storageClass as "STANDARD",
        ChecksumAlgorithm: [content.checksum.algorithm],
        ChecksumType: content.checksum.type,
      });
  }
  return { Versions: versions, DeleteMarkers: markers, CommonPrefixes: prefixes };
}

function olderThan(versions: readonly Version[], versionId: string): readonly Version[] {
  const at = versions.findIndex((version) => version.versionId === versionId);
  if (at >= 0) return versions.slice(at + 1);
  // The marker's version was removed, so its position is unknown.
  if (versions.length === 0) return [];
  throw invalidArgument("Invalid version id specified", "version-id-marker", versionId);
}

/**
 * ListObjectVersions returns all versions and delete markers by key. The newest version of a key comes first.
 */
import type { CommonPrefix, DeleteMarkerEntry, ObjectVersion } from "@aws-sdk/client-s3";
import { invalidArgument } from "./errors.ts";
import { bucketAccess, findBucket } from "./find-bucket.ts";
import { ownerOf } from "./owner.ts";
import { checkEncoding, encoder, entriesOf, readLimit } from "./paging.ts";
import { globalStateOf, type S3Operation, type Version } from "./state.ts";

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
    const owner = ownerOf(bucket.account);
    const versions: ObjectVersion[] = [];
    const markers: DeleteMarkerEntry[] = [];
    const prefixes: CommonPrefix[] = [];
    let last: { readonly key: string; readonly versionId?: string } | undefined;
    let truncated = false;
    const full = (): boolean => versions.length + markers.length + prefixes.length >= limit;

    const list = (version: Version): void => {
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
    };
    const rest = versionMarker === undefined ? [] : olderThan(objects.versions(marker), versionMarker);
    const entries = function* () {
      if (marker.startsWith(prefix)) for (const version of rest) yield { version };
      for (const entry of entriesOf(objects.keys(), {
        prefix,
        delimiter,
        after: marker,
        alive: () => true,
      })) {
        if ("commonPrefix" in entry) yield entry;
        else for (const version of objects.versions(entry.key)) yield { version };
      }
    };
    for (const entry of entries()) {
      if (full()) {
        truncated = limit > 0;
        break;
      }
      if ("commonPrefix" in entry) {
        prefixes.push({ Prefix: encode(entry.commonPrefix) });
        last = { key: entry.commonPrefix };
      } else {
        list(entry.version);
        last = { key: entry.version.key, versionId: entry.version.versionId };
      }
    }
    return {
      Name: bucket.name,
      Prefix: encode(prefix),
      KeyMarker: encode(marker),
      VersionIdMarker: versionMarker ?? "",
      MaxKeys: limit,
      IsTruncated: truncated,
      Versions: versions,
      DeleteMarkers: markers,
      CommonPrefixes: prefixes,
      ...(input.Delimiter !== undefined && { Delimiter: encode(delimiter) }),
      ...(input.EncodingType === "url" && { EncodingType: "url" as const }),
      ...(truncated && last && { NextKeyMarker: encode(last.key) }),
      ...(truncated && last?.versionId !== undefined && { NextVersionIdMarker: last.versionId }),
    };
  },
};

function olderThan(versions: readonly Version[], versionId: string): readonly Version[] {
  const at = versions.findIndex((version) => version.versionId === versionId);
  if (at >= 0) return versions.slice(at + 1);
  // The marker's version was removed, so its position is unknown.
  if (versions.length === 0) return [];
  throw invalidArgument("Invalid version id specified", "version-id-marker", versionId);
}

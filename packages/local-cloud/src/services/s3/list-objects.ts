/**
 * ListObjectsV2 and ListObjects return the current objects in the order of their keys (S3 API Reference,
 * ListObjectsV2).
 */
import type { CommonPrefix, _Object as ListedObject, ObjectStorageClass } from "@aws-sdk/client-s3";
import { invalidArgument } from "./errors.ts";
import { bucketAccess, findBucket } from "./find-bucket.ts";
import { ownerOf } from "./owner.ts";
import { checkEncoding, encoder, entriesOf, readLimit } from "./paging.ts";
import { type Content, globalStateOf, type S3Call, type S3Operation, type Version } from "./state.ts";

type ListInput = {
  readonly Bucket: string | undefined;
  readonly Prefix?: string | undefined;
  readonly Delimiter?: string | undefined;
  readonly MaxKeys?: number | undefined;
  readonly EncodingType?: string | undefined;
  readonly ExpectedBucketOwner?: string | undefined;
};

const access = (input: ListInput, call: S3Call) =>
  bucketAccess(findBucket(input, call), "ListBucket", call, {
    "s3:prefix": input.Prefix,
    "s3:delimiter": input.Delimiter,
    "s3:max-keys": input.MaxKeys,
  });

export const listObjectsV2: S3Operation<"ListObjectsV2"> = {
  access,
  run: (input, call) => {
    const { ContinuationToken: token, StartAfter } = input;
    const after = token === undefined ? (StartAfter ?? "") : readToken(token);
    const page = list(input, after, input.FetchOwner ?? false, call);
    return {
      ...page.output,
      KeyCount: page.output.Contents.length + page.output.CommonPrefixes.length,
      ...(token !== undefined && { ContinuationToken: token }),
      ...(StartAfter !== undefined && { StartAfter: encoder(input.EncodingType)(StartAfter) }),
      ...(page.last !== undefined && { NextContinuationToken: Buffer.from(page.last).toString("base64") }),
    };
  },
};

export const listObjects: S3Operation<"ListObjects"> = {
  access,
  run: (input, call) => {
    const page = list(input, input.Marker ?? "", true, call);
    const encode = encoder(input.EncodingType);
    return {
      ...page.output,
      Marker: encode(input.Marker ?? ""),
      // Without a delimiter the client uses the last key as the next marker. (S3 API Reference, ListObjects)
      ...(page.last !== undefined && input.Delimiter && { NextMarker: encode(page.last) }),
    };
  },
};

function readToken(token: string): string {
  const text = Buffer.from(token, "base64").toString("utf8");
  if (token === "" || Buffer.from(text).toString("base64") !== token)
    throw invalidArgument("The continuation token provided is incorrect", "continuation-token");
  return text;
}

function list(input: ListInput, after: string, owner: boolean, call: S3Call) {
  const bucket = findBucket(input, call);
  checkEncoding(input.EncodingType);
  const limit = readLimit(input.MaxKeys, "max-keys");
  const encode = encoder(input.EncodingType);
  const { Prefix: prefix = "", Delimiter: delimiter = "" } = input;
  const objects = globalStateOf(call).objects(bucket);
  const contents: ListedObject[] = [];
  const prefixes: CommonPrefix[] = [];
  let last: string | undefined;
  let truncated = false;
  const live = (key: string): boolean => objects.newest(key)?.content !== undefined;
  for (const entry of entriesOf(objects.keys(), { prefix, delimiter, after, alive: live })) {
    if (contents.length + prefixes.length >= limit) {
      truncated = limit > 0;
      break;
    }
    if ("commonPrefix" in entry) {
      last = entry.commonPrefix;
      prefixes.push({ Prefix: encode(last) });
      continue;
    }
    last = entry.key;
    const version = objects.newest(last);
    if (version?.content !== undefined) contents.push(listed(version, version.content, encode));
  }
  return {
    last: truncated ? last : undefined,
    output: {
      Name: bucket.name,
      Prefix: encode(prefix),
      MaxKeys: limit,
      IsTruncated: truncated,
      Contents: owner ? contents.map((item) => ({ ...item, Owner: ownerOf(bucket.account) })) : contents,
      CommonPrefixes: prefixes,
      ...(input.Delimiter !== undefined && { Delimiter: encode(delimiter) }),
      ...(input.EncodingType === "url" && { EncodingType: "url" as const }),
    },
  };
}

const listed = (version: Version, content: Content, encode: (key: string) => string): ListedObject => ({
  Key: encode(version.key),
  LastModified: version.lastModified,
  ETag: `"${content.etag}"`,
  ChecksumAlgorithm: [content.checksum.algorithm],
  ChecksumType: content.checksum.type,
  Size: content.size,
  StorageClass: content.storageClass as ObjectStorageClass,
});

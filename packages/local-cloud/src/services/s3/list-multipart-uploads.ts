/** ListMultipartUploads returns the unfinished uploads of a bucket. */
import type { CommonPrefix, MultipartUpload } from "@aws-sdk/client-s3";
import { bucketAccess, findBucket } from "./find-bucket.ts";
import { compareKeys } from "./object-index.ts";
import { ownerOf } from "./owner.ts";
import { checkEncoding, encoder, readLimit } from "./paging.ts";
import { globalStateOf, type S3Operation } from "./state.ts";

export const listMultipartUploads: S3Operation<"ListMultipartUploads"> = {
  access: (input, call) =>
    bucketAccess(findBucket(input, call), "ListBucketMultipartUploads", call, {
      "s3:prefix": input.Prefix,
      "s3:delimiter": input.Delimiter,
    }),
  run: (input, call) => {
    const bucket = findBucket(input, call);
    checkEncoding(input.EncodingType);
    const limit = readLimit(input.MaxUploads, "max-uploads");
    const encode = encoder(input.EncodingType);
    const {
      Prefix: prefix = "",
      Delimiter: delimiter = "",
      KeyMarker: marker = "",
      UploadIdMarker: idMarker,
    } = input;
    const after = [...globalStateOf(call).uploads.values()]
      .filter((upload) => upload.bucketId === bucket.id && upload.key.startsWith(prefix))
      .sort(
        (left, right) =>
          compareKeys(left.key, right.key) ||
          left.initiatedAt.getTime() - right.initiatedAt.getTime() ||
          (left.id < right.id ? -1 : 1),
      );
    const from = after.findIndex(({ id }) => id === idMarker);
    const rest =
      idMarker !== undefined && from >= 0
        ? after.slice(from + 1)
        : after.filter(({ key }) => marker === "" || compareKeys(key, marker) > 0);
    const uploads: MultipartUpload[] = [];
    const prefixes: CommonPrefix[] = [];
    let last: { readonly key: string; readonly id: string } | undefined;
    let truncated = false;
    for (const upload of rest) {
      const end = delimiter === "" ? -1 : upload.key.indexOf(delimiter, prefix.length);
      const rolled = end < 0 ? undefined : upload.key.slice(0, end + delimiter.length);
      if (rolled !== undefined && (encode(rolled) === prefixes.at(-1)?.Prefix || rolled === marker)) continue;
      if (uploads.length + prefixes.length >= limit) {
        truncated = limit > 0;
        break;
      }
      last = { key: rolled ?? upload.key, id: upload.id };
      if (rolled !== undefined) prefixes.push({ Prefix: encode(rolled) });
      else
        uploads.push({
          Key: encode(upload.key),
          UploadId: upload.id,
          Initiated: upload.initiatedAt,
          StorageClass: upload.storageClass,
          Owner: ownerOf(bucket.account),
          Initiator: ownerOf(upload.initiator),
          ...(upload.checksumAsked && {
            ChecksumAlgorithm: upload.checksumAlgorithm,
            ChecksumType: upload.checksumType,
          }),
        });
    }
    return {
      Bucket: bucket.name,
      KeyMarker: encode(marker),
      UploadIdMarker: idMarker ?? "",
      Prefix: encode(prefix),
      MaxUploads: limit,
      IsTruncated: truncated,
      Uploads: uploads,
      CommonPrefixes: prefixes,
      ...(input.Delimiter !== undefined && { Delimiter: encode(delimiter) }),
      ...(input.EncodingType === "url" && { EncodingType: "url" as const }),
      ...(truncated && last && { NextKeyMarker: encode(last.key), NextUploadIdMarker: last.id }),
    };
  },
};

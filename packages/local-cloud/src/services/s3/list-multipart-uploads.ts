/** ListMultipartUploads returns the unfinished uploads of a bucket. */
import type { CommonPrefix, MultipartUpload } from "@aws-sdk/client-s3";
import { bucketAccess, findBucket } from "./find-bucket.ts";
import { compareKeys } from "./object-index.ts";
import { ownerOf } from "./owner.ts";
import { checkEncoding, encoder, readLimit } from "./paging.ts";
import { globalStateOf, type S3Operation, type Upload } from "./state.ts";

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
    const own = [...globalStateOf(call).uploads.values()].filter(
      (upload) => upload.bucketId === bucket.id && upload.key.startsWith(prefix),
    );
    const uploads: MultipartUpload[] = [];
    const prefixes: CommonPrefix[] = [];
    let last: { readonly key: string; readonly id: string } | undefined;
    let truncated = false;
    for (const upload of uploadsAfter(own, marker, idMarker)) {
      const end = delimiter === "" ? -1 : upload.key.indexOf(delimiter, prefix.length);
      const rolled = end < 0 ? undefined : upload.key.slice(0, end + delimiter.length);
      if (rolled !== undefined && (encode(rolled) === prefixes.at(-1)?.Prefix || rolled === marker)) continue;
      if (uploads.length + prefixes.length >= limit) {
        truncated = limit > 0;
        break;
      }
      last = { key: rolled ?? upload.key, id: upload.id };
      if (rolled !== undefined) prefixes.push({ Prefix: encode(rolled) });
      else uploads.push({ ...viewOf(upload), Key: encode(upload.key), Owner: ownerOf(bucket.account) });
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

/** Sorts the uploads by key and time, and drops those up to the marker. */
function uploadsAfter(
  uploads: readonly Upload[],
  marker: string,
  idMarker: string | undefined,
): readonly Upload[] {
  const sorted = uploads.toSorted(
    (left, right) =>
      compareKeys(left.key, right.key) ||
      left.initiatedAt.getTime() - right.initiatedAt.getTime() ||
      (left.id < right.id ? -1 : 1),
  );
  const from = sorted.findIndex(({ id }) => id === idMarker);
  return idMarker !== undefined && from >= 0
    ? sorted.slice(from + 1)
    : sorted.filter(({ key }) => marker === "" || compareKeys(key, marker) > 0);
}

const viewOf = (upload: Upload): MultipartUpload => ({
  UploadId: upload.id,
  Initiated: upload.initiatedAt,
  StorageClass: upload.storageClass,
  Initiator: ownerOf(upload.initiator),
  ...(upload.checksumAsked && {
    ChecksumAlgorithm: upload.checksumAlgorithm,
    ChecksumType: upload.checksumType,
  }),
});

/** ListParts returns the uploaded parts of an upload. */
import { checksumOutput } from "./checksums.ts";
import { findUpload, onUpload, partsOf } from "./find-upload.ts";
import { ownerOf } from "./owner.ts";
import { readLimit } from "./paging.ts";
import type { S3Operation } from "./state.ts";

export const listParts: S3Operation<"ListParts"> = {
  access: onUpload("ListMultipartUploadParts"),
  run: (input, call) => {
    const { bucket, upload } = findUpload(input, call);
    const limit = readLimit(input.MaxParts, "max-parts");
    const marker = Number(input.PartNumberMarker ?? 0);
    const after = partsOf(upload, call).filter(({ number }) => number > marker);
    const page = after.slice(0, limit);
    return {
      Bucket: bucket.name,
      Key: upload.key,
      UploadId: upload.id,
      PartNumberMarker: String(marker),
      NextPartNumberMarker: String(page.at(-1)?.number ?? 0),
      MaxParts: limit,
      IsTruncated: after.length > page.length,
      Parts: page.map((part) => ({
        PartNumber: part.number,
        LastModified: part.lastModified,
        ETag: `"${part.etag}"`,
        Size: part.size,
        ...(upload.checksumAsked &&
          checksumOutput({ algorithm: upload.checksumAlgorithm, value: part.checksum })),
      })),
      Initiator: ownerOf(upload.initiator),
      Owner: ownerOf(bucket.account),
      StorageClass: upload.storageClass,
      ...(upload.checksumAsked && {
        ChecksumAlgorithm: upload.checksumAlgorithm,
        ChecksumType: upload.checksumType,
      }),
    };
  },
};

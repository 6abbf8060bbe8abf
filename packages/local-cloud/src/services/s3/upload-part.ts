/**
 * UploadPart and UploadPartCopy store one part of an upload, from a body or from a range of another object.
 */
import { checksumOutput } from "./checksums.ts";
import { wholeSeconds } from "./commit.ts";
import { copySourceAccess, openCopySource } from "./copy-source.ts";
import { encryptionOutput } from "./encryption.ts";
import { invalidArgument, invalidRequest } from "./errors.ts";
import { checkPartNumber, findUpload, partKey, writeUpload } from "./find-upload.ts";
import { etagOf } from "./put-object.ts";
import { receiveBody } from "./receive-body.ts";
import { cut, digestSegments, sizeOf } from "./segments.ts";
import {
  globalStateOf,
  type Part,
  type S3Call,
  type S3Operation,
  type Segment,
  type Upload,
} from "./state.ts";

/** A part has at most 5 GiB (S3 User Guide, "Amazon S3 multipart upload limits"). */
const MAX_PART = 5 * 2 ** 30;

export const uploadPart: S3Operation<"UploadPart"> = {
  access: writeUpload(false),
  run: async (input, call) => {
    const { upload } = findUpload(input, call);
    const number = checkPartNumber(input.PartNumber);
    const { blob, md5, algorithm, checksum } = await receiveBody(
      input,
      call.cloud.blobs,
      upload.checksumAlgorithm,
    );
    const segments = [{ blob, start: 0, end: blob.size }];
    globalStateOf(call).blobs.hold(segments);
    return releaseOnError(
      async () => {
        const { upload: now } = findUpload(input, call);
        if (algorithm !== now.checksumAlgorithm && now.checksumAsked) throw otherChecksum(now, algorithm);
        // If the client chose no algorithm for the upload, each part may have any checksum, and S3 computes
        // its own.
        const kept =
          algorithm === now.checksumAlgorithm
            ? checksum
            : (await digestSegments(segments, now.checksumAlgorithm, call.cloud.blobs)).checksum;
        const part = await storePart(now, number, segments, { md5, checksum: kept }, call);
        return {
          ETag: `"${part.etag}"`,
          ...checksumOutput({ algorithm, value: checksum }),
          ...encryptionOutput(now.encryption),
        };
      },
      segments,
      call,
    );
  },
};

const otherChecksum = (upload: Upload, algorithm: string) =>
  invalidRequest(
    `Checksum Type mismatch occurred, expected checksum Type: ${upload.checksumAlgorithm.toLowerCase()}, actual checksum Type: ${algorithm.toLowerCase()}`,
  );

export const uploadPartCopy: S3Operation<"UploadPartCopy"> = {
  access: (input, call) => [...copySourceAccess(input, call), writeUpload(false)(input, call)],
  run: async (input, call) => {
    findUpload(input, call);
    const number = checkPartNumber(input.PartNumber);
    const source = await openCopySource(input, call);
    const { size } = source.content;
    const [start, end] = copyRange(input.CopySourceRange, size);
    if (end - start > MAX_PART)
      throw invalidRequest(
        `The specified copy source is larger than the maximum allowable size for a copy source: ${MAX_PART}`,
      );
    const segments = cut(source.content.segments, start, end);
    globalStateOf(call).blobs.hold(segments);
    return releaseOnError(
      async () => {
        const { upload } = findUpload(input, call);
        const { etag, checksum: whole, parts, encryption } = source.content;
        const known =
          end - start === size &&
          parts === undefined &&
          encryption.algorithm === "AES256" &&
          whole.algorithm === upload.checksumAlgorithm;
        const digests = known
          ? { md5: etag, checksum: whole.value }
          : await digestSegments(segments, upload.checksumAlgorithm, call.cloud.blobs);
        const part = await storePart(findUpload(input, call).upload, number, segments, digests, call);
        return {
          CopyPartResult: {
            ETag: `"${part.etag}"`,
            LastModified: part.lastModified,
            ...checksumOutput({ algorithm: upload.checksumAlgorithm, value: part.checksum }),
          },
          ...(source.bucket.versioning !== undefined && { CopySourceVersionId: source.version.versionId }),
          ...encryptionOutput(upload.encryption),
        };
      },
      segments,
      call,
    );
  },
};

/** Releases the bytes if the part could not be stored. */
async function releaseOnError<Result>(
  store: () => Promise<Result>,
  segments: readonly Segment[],
  call: S3Call,
): Promise<Result> {
  try {
    return await store();
  } catch (error) {
    await globalStateOf(call).blobs.release(segments, call.cloud.blobs);
    throw error;
  }
}

async function storePart(
  upload: Upload,
  number: number,
  segments: readonly Segment[],
  digests: { readonly md5: string; readonly checksum: string },
  call: S3Call,
): Promise<Part> {
  const { parts, blobs } = globalStateOf(call);
  const old = parts.get(partKey(upload.id, number));
  const part = parts.set(partKey(upload.id, number), {
    uploadId: upload.id,
    number,
    size: sizeOf(segments),
    ...digests,
    etag: etagOf(digests.md5, upload.encryption),
    segments,
    lastModified: wholeSeconds(call.clock.now()),
  });
  if (old !== undefined) await blobs.release(old.segments, call.cloud.blobs);
  return part;
}

function copyRange(header: string | undefined, size: number): readonly [number, number] {
  if (header === undefined) return [0, size];
  const [, from, to] = /^bytes=(\d+)-(\d+)$/.exec(header) ?? [];
  if (from === undefined || to === undefined || Number(from) > Number(to))
    throw invalidArgument(
      "The x-amz-copy-source-range value must be of the form bytes=first-last where first and last are the zero-based offsets of the first and last bytes to copy",
      "x-amz-copy-source-range",
      header,
    );
  if (Number(to) >= size)
    throw invalidArgument(
      `Range specified is not valid for source object of size: ${size}`,
      "x-amz-copy-source-range",
      header,
    );
  return [Number(from), Number(to) + 1];
}

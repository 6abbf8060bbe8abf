/**
 * CompleteMultipartUpload makes an object of the named parts. The object refers to the stored bytes, so no
 * byte is copied.
 */
import { createHash, randomBytes } from "node:crypto";
import type { CompletedPart, CompleteMultipartUploadRequest } from "@aws-sdk/client-s3";
import { AwsError } from "#cloud/kernel/aws-error.ts";
import { abortUpload } from "./abort-multipart-upload.ts";
import { checksumMismatch, checksumOutput, joinChecksums } from "./checksums.ts";
import { commitObject, versionOutput } from "./commit.ts";
import { checkWrite } from "./conditions.ts";
import { descriptionOf } from "./describe.ts";
import { encryptionOutput } from "./encryption.ts";
import { invalidRequest, malformedXml } from "./errors.ts";
import { findBucket } from "./find-bucket.ts";
import { findUpload, partsOf, writeUpload } from "./find-upload.ts";
import {
  type Bucket,
  type Content,
  globalStateOf,
  type Part,
  type S3Call,
  type S3Operation,
  type Upload,
  type Version,
} from "./state.ts";

const MIN_PART = 5 * 2 ** 20;

export const completeMultipartUpload: S3Operation<"CompleteMultipartUpload"> = {
  access: writeUpload(true),
  run: async (input, call) => {
    const completed = findCompleted(input, call);
    if (completed !== undefined) return completed;
    const { bucket, upload } = findUpload(input, call);
    const key = upload.key;
    const globalState = globalStateOf(call);
    const parts = choose(input.MultipartUpload?.Parts ?? [], upload, partsOf(upload, call));
    const size = parts.reduce((sum, part) => sum + part.size, 0);
    if (input.MpuObjectSize !== undefined && Number(input.MpuObjectSize) !== size)
      throw invalidRequest(
        `The provided 'x-amz-mp-object-size' header value ${input.MpuObjectSize} does not match what was computed: ${size}`,
      );
    checkWrite(input, globalState.objects(bucket), key, true);
    const checksum = joinChecksums(upload.checksumAlgorithm, upload.checksumType, parts);
    const claimed = input[`Checksum${checksum.algorithm}`];
    if (
      claimed !== undefined &&
      claimed !== checksum.value &&
      `${claimed}-${parts.length}` !== checksum.value
    )
      throw checksumMismatch(checksum.algorithm);
    const segments = parts.flatMap((part) => part.segments);
    const content = {
      ...descriptionOf(upload),
      size,
      etag: `${joinEtags(parts, upload)}-${parts.length}`,
      segments,
      checksum,
      encryption: upload.encryption,
      uploadId: upload.id,
      parts: parts.map((part) => ({
        number: part.number,
        size: part.size,
        ...(upload.checksumAsked && { checksum: part.checksum }),
      })),
    };
    globalState.blobs.hold(segments);
    // The object is committed first. A crash between the two steps leaves an upload to abort, but loses no
    // object.
    const version = commitObject(bucket, key, content, "CompleteMultipartUpload", call);
    await abortUpload(upload, call);
    return describeObject(bucket, version, content);
  },
};

const describeObject = (bucket: Bucket, version: Version, content: Content) => ({
  Location: `http://${bucket.name}.s3.amazonaws.com/${version.key.split("/").map(encodeURIComponent).join("/")}`,
  Bucket: bucket.name,
  Key: version.key,
  ETag: `"${content.etag}"`,
  ...checksumOutput(content.checksum),
  ChecksumType: content.checksum.type,
  ...encryptionOutput(content.encryption),
  ...versionOutput(bucket, version),
});

/**
 * Answers a call that repeats a completed one, as after a lost answer. S3 keeps a completed upload for a short time
 * (docs/aws-assumptions.md, row 67); here it is known as long as its object exists.
 */
function findCompleted(input: CompleteMultipartUploadRequest, call: S3Call) {
  const bucket = findBucket(input, call);
  const versions = globalStateOf(call)
    .objects(bucket)
    .versions(input.Key ?? "");
  const version = versions.find(({ content }) => content?.uploadId === input.UploadId);
  const content = version?.content;
  if (version === undefined || content === undefined) return undefined;
  const numbers = input.MultipartUpload?.Parts?.map(({ PartNumber }) => PartNumber).join();
  return numbers === content.parts?.map(({ number }) => number).join()
    ? describeObject(bucket, version, content)
    : undefined;
}

/**
 * Returns the named parts in their order. Each part must exist, and all parts but the last must have the
 * minimum size (S3 User Guide, "Amazon S3 multipart upload limits").
 */
function choose(named: readonly CompletedPart[], upload: Upload, existing: readonly Part[]): readonly Part[] {
  if (named.length === 0) throw malformedXml();
  const byNumber = new Map(existing.map((part) => [part.number, part]));
  const numbers = named.map(({ PartNumber }) => PartNumber ?? 0);
  if (numbers.some((number, index) => number <= (numbers[index - 1] ?? 0)))
    throw new AwsError(
      "InvalidPartOrder",
      "The list of parts was not in ascending order. Parts must be ordered by part number.",
      400,
      { UploadId: upload.id },
    );
  return named.map((wanted, index) => {
    const number = wanted.PartNumber ?? 0;
    const part = byNumber.get(number);
    const claimed = wanted[`Checksum${upload.checksumAlgorithm}`];
    if (
      part === undefined ||
      wanted.ETag?.replaceAll('"', "") !== part.etag ||
      (claimed ?? part.checksum) !== part.checksum
    )
      throw new AwsError(
        "InvalidPart",
        "One or more of the specified parts could not be found.  The part may not have been uploaded, or the specified entity tag may not match the part's entity tag.",
        400,
        { UploadId: upload.id, PartNumber: number, ETag: wanted.ETag },
      );
    if (claimed === undefined && upload.checksumAsked && upload.checksumType === "COMPOSITE")
      throw invalidRequest(
        `The upload was created using a ${upload.checksumAlgorithm.toLowerCase()} checksum. The complete request must include the checksum for each part. It was missing for part ${number} in the request.`,
      );
    if (part.size < MIN_PART && index < named.length - 1)
      throw new AwsError(
        "EntityTooSmall",
        "Your proposed upload is smaller than the minimum allowed size",
        400,
        {
          ProposedSize: part.size,
          MinSizeAllowed: MIN_PART,
          PartNumber: number,
          ETag: part.etag,
        },
      );
    return part;
  });
}

function joinEtags(parts: readonly Part[], { encryption }: Upload): string {
  if (encryption.algorithm !== "AES256") return randomBytes(16).toString("hex");
  const md5 = createHash("md5");
  for (const part of parts) md5.update(part.md5, "hex");
  return md5.digest("hex");
}

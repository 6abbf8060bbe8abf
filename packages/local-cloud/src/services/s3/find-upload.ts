/** Finds the multipart upload of a call, with its parts in order. */
import type { Conditions } from "./conditions.ts";
import { invalidArgument, noSuchUpload } from "./errors.ts";
import { conditionalContext, findBucket, objectAccess } from "./find-bucket.ts";
import { type Bucket, globalStateOf, type Part, type S3Call, type Upload } from "./state.ts";

type UploadName = {
  readonly Bucket: string | undefined;
  readonly Key: string | undefined;
  readonly UploadId: string | undefined;
  readonly ExpectedBucketOwner?: string | undefined;
};

export function findUpload(
  input: UploadName,
  call: S3Call,
): { readonly bucket: Bucket; readonly upload: Upload } {
  const bucket = findBucket(input, call);
  const upload = globalStateOf(call).uploads.get(input.UploadId ?? "");
  if (upload === undefined || upload.bucketId !== bucket.id || upload.key !== input.Key)
    throw noSuchUpload(input.UploadId ?? "");
  return { bucket, upload };
}

export const partKey = (uploadId: string, number: number): string => `${uploadId}/${number}`;

export const partsOf = (upload: Upload, call: S3Call): readonly Part[] =>
  [...globalStateOf(call).parts.values()]
    .filter(({ uploadId }) => uploadId === upload.id)
    .sort((left, right) => left.number - right.number);

/** Requests `s3:<action>` on the object of the upload. */
export const onUpload = (action: string) => (input: UploadName, call: S3Call) =>
  objectAccess(findBucket(input, call), input.Key ?? "", action, call);

/** Requests s3:PutObject for a part of the upload, or for the object itself. */
export const writeUpload =
  (creates: boolean) => (input: UploadName & Pick<Conditions, "IfMatch" | "IfNoneMatch">, call: S3Call) =>
    objectAccess(
      findBucket(input, call),
      input.Key ?? "",
      "PutObject",
      call,
      conditionalContext(creates, input),
    );

export function checkPartNumber(number: number | undefined): number {
  if (number === undefined || !Number.isInteger(number) || number < 1 || number > 10_000)
    throw invalidArgument(
      "Part number must be an integer between 1 and 10000, inclusive",
      "partNumber",
      String(number),
    );
  return number;
}

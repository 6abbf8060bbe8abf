/**
 * Decides whether an object is missing. S3 answers 403 instead of 404 to a caller without s3:ListBucket (S3
 * API Reference, GetObject). A caller whose list permission has a prefix condition may be such a caller, so
 * the key is listed then.
 */
import { ListObjectsV2Command, type S3Client } from "@aws-sdk/client-s3";
import { isMissingObject, isNamed } from "./error-names.ts";

/** False for a denial of an object that exists; a denied listing is thrown. */
export async function provesMissing(
  error: unknown,
  s3: S3Client,
  Bucket: string,
  Key: string,
): Promise<boolean> {
  if (isMissingObject(error)) return true;
  // HEAD has no body, so its 403 has no better name.
  if (!isNamed(error, "AccessDenied", "Forbidden", "403")) return false;
  const { Contents = [] } = await s3.send(new ListObjectsV2Command({ Bucket, Prefix: Key, MaxKeys: 1 }));
  return !Contents.some((each) => each.Key === Key);
}

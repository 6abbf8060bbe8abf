/** Conditional writes to S3: an object that exists is left as it is. */
import { PutObjectCommand, type PutObjectCommandInput, type S3Client } from "@aws-sdk/client-s3";
import { isNamed } from "./error-names.ts";

/** S3 answers `ConditionalRequestConflict` while another conditional write of the key is under way. */
export const isWriteConflict = (error: unknown): boolean =>
  isNamed(error, "PreconditionFailed", "ConditionalRequestConflict");

/** False when the object was there already. */
export async function putOnce(s3: S3Client, input: PutObjectCommandInput): Promise<boolean> {
  try {
    await s3.send(new PutObjectCommand({ ...input, IfNoneMatch: "*" }));
    return true;
  } catch (error) {
    if (isWriteConflict(error)) return false;
    throw error;
  }
}

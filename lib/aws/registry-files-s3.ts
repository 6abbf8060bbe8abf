/** Writes Lambda code into the registry bucket. */
import type { S3Client } from "@aws-sdk/client-s3";
import type { RegistryFiles } from "#ports/registry-files.ts";
import { lambdaKey } from "#release/names/deployed-names.ts";
import { putOnce } from "./put-once.ts";

export const registryFilesS3 = (s3: S3Client, bucket: string): RegistryFiles => ({
  putLambda: (digest, zip) => putOnce(s3, { Bucket: bucket, Key: lambdaKey(digest), Body: zip }),
});

/** Writes Lambda code and the estate file into the registry bucket. */
import { PutObjectCommand, type S3Client } from "@aws-sdk/client-s3";
import type { RegistryFiles } from "#ports/registry-files.ts";
import { lambdaKey } from "#release/names/deployed-names.ts";
import { registryKeys } from "#release/names/registry-keys.ts";
import { putOnce } from "./put-once.ts";

export const registryFilesS3 = (s3: S3Client, bucket: string): RegistryFiles => ({
  putLambda: (digest, zip) => putOnce(s3, { Bucket: bucket, Key: lambdaKey(digest), Body: zip }),
  putEstate: async (text) => {
    await s3.send(
      new PutObjectCommand({
        Bucket: bucket,
        Key: registryKeys.estate,
        Body: text,
        ContentType: "application/yaml",
      }),
    );
  },
});

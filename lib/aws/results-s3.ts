/** Reads and writes result objects in the central bucket. */
import { GetObjectCommand, PutObjectCommand, type S3Client } from "@aws-sdk/client-s3";
import type { Results } from "#ports/results.ts";
import { provesMissing } from "./missing-object.ts";

export const resultsS3 = (s3: S3Client, bucket: string): Results => ({
  read: async (key) => {
    try {
      const { Body } = await s3.send(new GetObjectCommand({ Bucket: bucket, Key: key }));
      return await Body?.transformToString();
    } catch (error) {
      if (await provesMissing(error, s3, bucket, key)) return undefined;
      throw error;
    }
  },
  write: async (key, json) => {
    await s3.send(
      new PutObjectCommand({
        Bucket: bucket,
        Key: key,
        Body: json,
        ContentType: "application/json",
        CacheControl: "no-store",
      }),
    );
  },
});

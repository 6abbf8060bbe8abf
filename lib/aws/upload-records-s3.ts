/** Keeps the records of uploads in the central bucket. */
import { GetObjectCommand, type S3Client } from "@aws-sdk/client-s3";
import type { UploadRecords } from "#ports/upload-records.ts";
import { formatUploadRecord, parseUploadRecord, uploadRecordKey } from "#release/people/upload-record.ts";
import { provesMissing } from "./missing-object.ts";
import { putOnce } from "./put-once.ts";

export const uploadRecordsS3 = (s3: S3Client, bucket: string): UploadRecords => ({
  write: async (key, versionId, record) => {
    await putOnce(s3, {
      Bucket: bucket,
      Key: uploadRecordKey(key, versionId),
      Body: formatUploadRecord(record),
      ContentType: "application/json",
      CacheControl: "no-store",
    });
  },
  read: async (key, versionId) => {
    const Key = uploadRecordKey(key, versionId);
    try {
      const { Body } = await s3.send(new GetObjectCommand({ Bucket: bucket, Key }));
      return parseUploadRecord((await Body?.transformToString()) ?? "");
    } catch (error) {
      if (await provesMissing(error, s3, bucket, Key)) return undefined;
      throw error;
    }
  },
});

/** Writes the packed command line into the artifact bucket: a version once, and the newest under a fixed key. */
import { PutObjectCommand, type S3Client } from "@aws-sdk/client-s3";
import type { CliFiles } from "#ports/cli-files.ts";
import { cliKeys } from "#release/names/deployed-names.ts";
import { putOnce } from "./put-once.ts";

export const cliFilesS3 = (s3: S3Client, bucket: string): CliFiles => ({
  put: async (version, packed) => {
    const keys = cliKeys(version);
    const fresh = await putOnce(s3, { Bucket: bucket, Key: keys.version, Body: packed });
    // Written every time: an earlier run may have ended between the two writes.
    const Key = keys.newest;
    await s3.send(
      new PutObjectCommand({ Bucket: bucket, Key, Body: packed, ContentType: "application/gzip" }),
    );
    return fresh;
  },
});

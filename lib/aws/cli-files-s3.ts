/** Keeps the packed command line in the artifact bucket: a version once, and the newest under a fixed key. */
import { GetObjectCommand, PutObjectCommand, type S3Client } from "@aws-sdk/client-s3";
import type { CliFiles } from "#ports/cli-files.ts";
import { cliKeys } from "#release/names/deployed-names.ts";
import { unlessMissing } from "./error-names.ts";
import { putOnce } from "./put-once.ts";

export function cliFilesS3(s3: S3Client, Bucket: string): CliFiles {
  const read: CliFiles["read"] = async (version) => {
    const order = new GetObjectCommand({ Bucket, Key: cliKeys(version).version });
    const found = await unlessMissing(s3.send(order));
    return found?.Body?.transformToByteArray();
  };
  return {
    read,
    put: async (version, packed) => {
      const keys = cliKeys(version);
      const fresh = await putOnce(s3, { Bucket, Key: keys.version, Body: packed });
      // Written every time, because an earlier run may have ended between the two writes. A version that was there
      // already gives its own bytes, so that both keys have the same.
      const Body = (fresh ? undefined : await read(version)) ?? packed;
      const ContentType = "application/gzip";
      await s3.send(new PutObjectCommand({ Bucket, Key: keys.newest, Body, ContentType }));
      return fresh;
    },
  };
}

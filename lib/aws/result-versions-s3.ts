/** The versions of result objects in the central bucket. */
import { GetObjectCommand, type ObjectVersion, type S3Client } from "@aws-sdk/client-s3";
import type { ResultVersion, ResultVersions } from "#ports/result-versions.ts";
import { objectVersionPages } from "./object-versions.ts";

export const resultVersionsS3 = (s3: S3Client, bucket: string): ResultVersions => ({
  list: async (folder) => {
    const found: ResultVersion[] = [];
    // The folders of longer branch names are below this one, hence the delimiter.
    const input = { Bucket: bucket, Prefix: folder, Delimiter: "/" };
    for await (const { versions, deleteMarkers } of objectVersionPages(s3, input)) {
      found.push(...versions.map((each) => versionOf(each, false)));
      found.push(...deleteMarkers.map((each) => versionOf(each, true)));
    }
    return found;
  },
  read: async (key, id) => {
    const { Body } = await s3.send(new GetObjectCommand({ Bucket: bucket, Key: key, VersionId: id }));
    return (await Body?.transformToString()) ?? "";
  },
});

type Listed = Pick<ObjectVersion, "Key" | "VersionId" | "LastModified">;

const versionOf = (
  { Key = "", VersionId = "", LastModified = new Date(0) }: Listed,
  removed: boolean,
): ResultVersion => ({ key: Key, id: VersionId, at: LastModified.toISOString(), removed });

/** Lists the results of a line in the central bucket. */
import { paginateListObjectsV2, type S3Client } from "@aws-sdk/client-s3";
import type { PastResults } from "#ports/past-results.ts";

export const pastResultsS3 = (s3: S3Client, bucket: string): PastResults => ({
  newestFirst: async (folder) => {
    const found: (readonly [key: string, at: number])[] = [];
    // The folders of longer branch names are below this one, and the delimiter leaves them out.
    const input = { Bucket: bucket, Prefix: folder, Delimiter: "/" };
    for await (const { Contents = [] } of paginateListObjectsV2({ client: s3 }, input)) {
      found.push(...Contents.map(({ Key = "", LastModified }) => [Key, Number(LastModified ?? 0)] as const));
    }
    return found.toSorted(([, a], [, b]) => b - a).map(([key]) => key);
  },
});

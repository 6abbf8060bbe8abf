/**
 * What the uploads of a line were said to be, one after the other. Each change of a result is a new version of its
 * object, and nobody may delete a version, so what S3 lists here is the log of what happened.
 */
import { GetObjectCommand, ListObjectVersionsCommand, type S3Client } from "@aws-sdk/client-s3";
import type { Result } from "#release/line/result.ts";
import { formatKey, type Line, resultKeys } from "#release/names/key.ts";

/** `result` is absent where it was removed, as the sweep does with those of no line. */
export type Told = {
  readonly at: string;
  /** The upload's version. */
  readonly version: string;
  /** S3's version of the result object: two entries never share one. */
  readonly entry: string;
  readonly result?: Result;
};

export type HistoryQuery = {
  readonly s3: S3Client;
  readonly bucket: string;
  readonly line: Line;
  /** Of this upload alone. */
  readonly release?: string | undefined;
  /** How many of the newest. */
  readonly limit: number;
};

type Listed = { readonly key: string; readonly id: string; readonly at: Date; readonly removed: boolean };

/** Oldest first. */
export async function readHistory(query: HistoryQuery): Promise<readonly Told[]> {
  // Of one key S3 lists the newest first, also within a second; a stable sort leaves that as it is.
  const newest = (await listVersions(query))
    .sort((one, other) => other.at.getTime() - one.at.getTime())
    .slice(0, query.limit);
  const told: Told[] = [];
  for (let from = 0; from < newest.length; from += atOnce)
    told.push(...(await Promise.all(newest.slice(from, from + atOnce).map((each) => read(query, each)))));
  return told.reverse().sort((one, other) => (one.at < other.at ? -1 : one.at > other.at ? 1 : 0));
}

const atOnce = 10;

async function listVersions({ s3, bucket, line, release }: HistoryQuery): Promise<Listed[]> {
  const { version: ofRelease, latest } = resultKeys(formatKey(line), release ?? "");
  const folder = ofRelease.slice(0, ofRelease.lastIndexOf("/") + 1);
  const listed: Listed[] = [];
  let from: { readonly KeyMarker?: string | undefined; readonly VersionIdMarker?: string | undefined } = {};
  for (;;) {
    const page = await s3.send(
      // Branches below this one have folders in its folder.
      new ListObjectVersionsCommand({ Bucket: bucket, Prefix: folder, Delimiter: "/", ...from }),
    );
    for (const [found, removed] of [
      [page.Versions ?? [], false],
      [page.DeleteMarkers ?? [], true],
    ] as const)
      for (const { Key: key = "", VersionId: id = "", LastModified: at = new Date(0) } of found)
        if (key !== latest && (release === undefined || key === ofRelease))
          listed.push({ key, id, at, removed });
    if (!page.IsTruncated) return listed;
    from = { KeyMarker: page.NextKeyMarker, VersionIdMarker: page.NextVersionIdMarker };
  }
}

async function read({ s3, bucket }: HistoryQuery, { key, id, at, removed }: Listed): Promise<Told> {
  const version = key.slice(key.lastIndexOf("/") + 1, -".json".length);
  if (removed) return { at: at.toISOString(), version, entry: id };
  const { Body } = await s3.send(new GetObjectCommand({ Bucket: bucket, Key: key, VersionId: id }));
  const result = JSON.parse((await Body?.transformToString()) ?? "") as Result;
  return { at: result.updatedAt, version, entry: id, result };
}

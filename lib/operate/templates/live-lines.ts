/** The lines there are: what lies in the artifact bucket, with what its result says of the release template. */
import { paginateListObjectsV2 } from "@aws-sdk/client-s3";
import { readResult } from "#bin/commands/read-result.ts";
import type { Result } from "#release/line/result.ts";
import { formatKey, type Line, parseKey } from "#release/names/key.ts";
import type { Central } from "./central.ts";
import { inBatches } from "./in-batches.ts";

export type LiveLine = { readonly line: Line; readonly size: number; readonly etag: string };

/** Of every anchor of the estate; tombstones are no lines any more. */
export async function liveLines({ s3, artifacts, estate }: Central): Promise<readonly LiveLine[]> {
  const found: LiveLine[] = [];
  for (const { account } of estate.anchors) {
    const pages = paginateListObjectsV2({ client: s3 }, { Bucket: artifacts, Prefix: `${account}/` });
    for await (const { Contents = [] } of pages) {
      for (const { Key = "", Size = 0, ETag = "" } of Contents) {
        const line = lineAt(Key);
        if (line !== undefined && Size > 0) found.push({ line, size: Size, etag: ETag });
      }
    }
  }
  return found;
}

/** The newest result of each line that has one; in their order. */
export async function latestResults(
  { s3, artifacts }: Central,
  lines: readonly Line[],
): Promise<readonly { readonly line: Line; readonly result: Result | undefined }[]> {
  return inBatches(lines, async (line) => ({
    line,
    result: await readResult(s3, artifacts, line, "latest"),
  }));
}

function lineAt(key: string): Line | undefined {
  try {
    const line = parseKey(key);
    return formatKey(line) === key ? line : undefined;
  } catch {
    return undefined; // answered when it was uploaded
  }
}

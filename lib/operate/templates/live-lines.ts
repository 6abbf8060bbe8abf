/** Finds the lines of an estate by their uploads, and reads their newest results. */

import { inBatches } from "#operate/in-batches.ts";
import { readResult } from "#operate/read-result.ts";
import type { Result } from "#release/line/result.ts";
import { type Line, lineOfKey } from "#release/names/key.ts";
import type { LinesDeps } from "./deps.ts";

/** The lines of every anchor. A tombstone ends its line. */
export async function liveLines({
  artifacts,
  estate,
}: Pick<LinesDeps, "artifacts" | "estate">): Promise<readonly Line[]> {
  const found: Line[] = [];
  for (const { account } of (await estate.load()).anchors) {
    for await (const { key, size } of artifacts.uploads(account)) {
      const line = lineOfKey(key);
      if (line !== undefined && size > 0) found.push(line);
    }
  }
  return found;
}

type LineResult = { readonly line: Line; readonly result: Result | undefined };

/** In the order of the lines. */
export const latestResults = (
  { results }: Pick<LinesDeps, "results">,
  lines: readonly Line[],
): Promise<readonly LineResult[]> =>
  inBatches(lines, async (line) => ({ line, result: await readResult(results, line, "latest") }));

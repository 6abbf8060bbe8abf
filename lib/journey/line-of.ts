/** Which line a name is of: the anchor's cache remembers it, and so do the marks of a line that has no more than those. */

import type { LineCache } from "#ports/line-cache.ts";
import type { Marks } from "#ports/marks.ts";
import { valueTree } from "#release/document/node-tree.ts";
import { readShape } from "#release/document/shape.ts";
import { ReleaseError } from "#release/errors/errors.ts";
import { marksOf } from "#release/line/marks.ts";
import type { Line } from "#release/names/key.ts";
import { cacheKeys } from "#release/names/names.ts";
import { lineShape } from "#release/plan/release-document.ts";

export type LineOfWorld = {
  readonly cache: Pick<LineCache, "get">;
  readonly marks: Pick<Marks, "list" | "get">;
};

/** Undefined when the line is forgotten. */
export async function lineOf({ cache, marks }: LineOfWorld, name: string): Promise<Line | undefined> {
  const known = await lineAt(cache, cacheKeys.line(name));
  if (known !== undefined) return known;
  const [first] = await marks.list(marksOf(name));
  return first && lineAt(marks, first.key);
}

/** Undefined when nothing is there. */
export async function lineAt(store: Pick<Marks, "get">, key: string): Promise<Line | undefined> {
  const bytes = await store.get(key);
  if (bytes === undefined) return undefined;
  const read = readShape(lineShape, valueTree(parse(new TextDecoder().decode(bytes))));
  if ("value" in read) return read.value;
  throw new ReleaseError("ReleaseDocumentMalformed", `${key} names no line.`);
}

/** For whoever looks at many lines: one document that is broken must not hide the others. `kedge sweep` reports it. */
export function unreadable(error: unknown): undefined {
  if (!(error instanceof ReleaseError)) throw error;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/**
 * Finds the line of a line name: in the anchor's cache, or in the slot records of a line that has no other
 * objects.
 */
import type { LineCache } from "#ports/line-cache.ts";
import type { SlotRecords } from "#ports/slot-records.ts";
import { valueTree } from "#release/document/node-tree.ts";
import { parsedJson } from "#release/document/parsed-json.ts";
import { readShape } from "#release/document/shape.ts";
import { ReleaseError } from "#release/errors/errors.ts";
import { slotRecordsOf } from "#release/line/slot-records.ts";
import type { Line } from "#release/names/key.ts";
import { cacheKeys, isLineCode } from "#release/names/names.ts";
import { lineShape } from "#release/plan/release-document.ts";
import { recordOf } from "./line-record.ts";

type LineOfDeps = {
  readonly cache: Pick<LineCache, "get">;
  readonly slotRecords: Pick<SlotRecords, "list" | "get">;
};

/** `name` is the line's name, or its code. Undefined when the cache has no record of the line any more. */
export async function lineOf({ cache, slotRecords }: LineOfDeps, name: string): Promise<Line | undefined> {
  if (isLineCode(name)) return (await recordOf(cache, name))?.line;
  const known = await lineAt(cache, cacheKeys.line(name));
  if (known !== undefined) return known;
  const [first] = await slotRecords.list(slotRecordsOf(name));
  return first && lineAt(slotRecords, first.key);
}

/** Undefined when the store has no object at the key. */
export async function lineAt(store: Pick<SlotRecords, "get">, key: string): Promise<Line | undefined> {
  const bytes = await store.get(key);
  if (bytes === undefined) return undefined;
  const read = readShape(lineShape, valueTree(parsedJson(new TextDecoder().decode(bytes))));
  if ("value" in read) return read.value;
  throw new ReleaseError("ReleaseDocumentMalformed", `${key} names no line.`);
}

/**
 * Lets a caller with many lines skip a broken document, so it does not hide the other lines. `kedge sweep`
 * reports it.
 */
export function unreadable(error: unknown): undefined {
  if (!(error instanceof ReleaseError)) throw error;
}

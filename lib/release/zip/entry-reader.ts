/**
 * Reads small files of an artifact with few ranges. Bytes that were already read cost no range, and files
 * close to each other share one.
 */

import { largestTemplate } from "#release/document/template-document.ts";
import { ReleaseError } from "#release/errors/errors.ts";
import type { RangeReader } from "./range-reader.ts";
import type { ZipDirectory } from "./zip-directory.ts";
import { entryContent, entryRange, type ZipEntry } from "./zip-entry.ts";

/**
 * Returns the text of each entry, by its name. Throws `TemplateTooLarge`, or `TemplateMalformed` for an entry
 * that is no document.
 */
type ReadEntries = (entries: readonly ZipEntry[]) => Promise<ReadonlyMap<string, string>>;

/** Reading across a gap of this size is cheaper than asking once more. */
const smallGap = 256 * 1024;

type Stretch = { readonly start: number; end: number };

export function entryReader(reader: RangeReader, { tail }: ZipDirectory): ReadEntries {
  const known = new Map<string, string>();
  return async (entries) => {
    const fresh = entries.filter(({ name }) => !known.has(name));
    for (const entry of fresh) checkSize(entry);
    const held = fresh.filter((entry) => entryRange(entry).start >= tail.start);
    const keep = (entry: ZipEntry, { start, bytes }: ZipDirectory["tail"]): void => {
      const range = entryRange(entry);
      const content = entryContent(entry, bytes.subarray(range.start - start, range.end - start));
      known.set(entry.name, decode(content, entry.name));
    };
    for (const entry of held) keep(entry, tail);
    const away = fresh.filter((entry) => !held.includes(entry));
    await Promise.all(
      stretches(away).map(async ({ start, end }) => {
        const bytes = await reader.read(start, end);
        const within = away.filter(({ offset }) => offset >= start && offset < end);
        for (const entry of within) keep(entry, { start, bytes });
      }),
    );
    return new Map(entries.map(({ name }) => [name, known.get(name) ?? ""]));
  };
}

function stretches(entries: readonly ZipEntry[]): readonly Stretch[] {
  const found: Stretch[] = [];
  for (const { start, end } of entries.map(entryRange).sort((a, b) => a.start - b.start)) {
    const last = found.at(-1);
    if (last !== undefined && start - last.end <= smallGap) last.end = Math.max(last.end, end);
    else found.push({ start, end });
  }
  return found;
}

function checkSize({ name, size }: ZipEntry): void {
  if (size <= largestTemplate) return;
  const seen = `${name} has ${size} bytes; ${largestTemplate} are allowed.`;
  throw new ReleaseError("TemplateTooLarge", seen);
}

function decode(bytes: Uint8Array, path: string): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch (error) {
    throw new ReleaseError("TemplateMalformed", `${path} is not UTF-8 text.`, error);
  }
}

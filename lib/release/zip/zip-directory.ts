/**
 * Lists the entries of a zip from at most two ranges, for any size of the zip. Rejects every zip that would
 * be dangerous or ambiguous to unpack.
 */
import { ReleaseError } from "#release/errors/errors.ts";
import { counted } from "#release/names/counted.ts";
import type { Limits } from "./limits.ts";
import type { RangeReader } from "./range-reader.ts";
import { type ListedEntry, readRecords } from "./zip-central.ts";
import { findEnd, tailLength, type ZipEnd } from "./zip-end.ts";
import { localHeaderLength, type ZipEntry } from "./zip-entry.ts";

export type ZipDirectory = {
  /** In the order of the directory. */
  readonly entries: readonly ZipEntry[];
  /** The last bytes of the file. They were already read, so entries in them need no further range. */
  readonly tail: { readonly start: number; readonly bytes: Uint8Array };
};

type Bounds = Pick<Limits, "unpackedBytes" | "entries">;

const localSignature = [0x50, 0x4b, 0x03, 0x04];
const largestDirectory = 64 * 1024 ** 2;
/** Deflate cannot exceed 1032:1; ordinary artifacts stay below 20:1. Small ones are harmless at any ratio. */
const bombRatio = 200;
const bombBytes = 100 * 1024 ** 2;

export async function readZipDirectory(reader: RangeReader, bounds: Bounds): Promise<ZipDirectory> {
  const start = Math.max(0, reader.size - tailLength);
  const tail = { start, bytes: await readExactly(reader, start, reader.size) };
  const end = findEnd(tail.bytes, reader.size) ?? (await noEnd(reader, tail));
  if (end.entries > bounds.entries || end.size > largestDirectory) {
    const seen = `The zip has ${counted(end.entries, "entry", "entries")}; ${bounds.entries} are allowed.`;
    throw new ReleaseError("ZipTooManyEntries", seen);
  }
  const directory =
    end.start >= start
      ? tail.bytes.subarray(end.start - start, end.start - start + end.size)
      : await readExactly(reader, end.start, end.start + end.size);
  const listed = readRecords(directory, end.shift);
  // Writers without zip64 let the count wrap around at 65536.
  if (listed.length % 0x10000 !== end.entries % 0x10000) {
    const seen = `The zip's directory lists ${counted(listed.length, "entry", "entries")}; its end record says ${end.entries}.`;
    throw new ReleaseError("ZipMalformed", seen);
  }
  checkSizes(listed, bounds);
  checkNames(listed);
  return { entries: withEnds(listed, end), tail };
}

async function readExactly(reader: RangeReader, start: number, end: number): Promise<Uint8Array> {
  const bytes = await reader.read(start, end);
  if (bytes.length === end - start) return bytes;
  throw new ReleaseError(
    "ZipTruncated",
    `Kedge requested the bytes ${start} to ${end} and received ${counted(bytes.length, "byte")}.`,
  );
}

/** If the end record is missing, the first bytes tell a truncated zip from another kind of file. */
async function noEnd(reader: RangeReader, tail: ZipDirectory["tail"]): Promise<never> {
  const head = tail.start === 0 ? tail.bytes : await reader.read(0, localSignature.length);
  if (localSignature.every((byte, index) => head[index] === byte)) {
    throw new ReleaseError("ZipTruncated", "The object begins as a zip but has no end record.");
  }
  const first = Array.from(head.subarray(0, 4), (byte) => byte.toString(16).padStart(2, "0")).join(" ");
  throw new ReleaseError("NotAZip", `The object begins with ${first}; a zip begins with 50 4b 03 04.`);
}

function checkSizes(entries: readonly ListedEntry[], bounds: Bounds): void {
  if (entries.length > bounds.entries) {
    const seen = `The zip has ${counted(entries.length, "entry", "entries")}; ${bounds.entries} are allowed.`;
    throw new ReleaseError("ZipTooManyEntries", seen);
  }
  const unpacked = entries.reduce((sum, { size }) => sum + size, 0);
  const packed = entries.reduce((sum, { compressedSize }) => sum + compressedSize, 0);
  if (unpacked > bounds.unpackedBytes) {
    const seen = `The zip unpacks to ${unpacked} bytes; ${bounds.unpackedBytes} are allowed.`;
    throw new ReleaseError("ZipBomb", seen);
  }
  if (unpacked > bombBytes && unpacked > packed * bombRatio) {
    throw new ReleaseError(
      "ZipBomb",
      `${packed} bytes of the zip unpack to ${unpacked}: more than ${bombRatio} to 1.`,
    );
  }
}

function checkNames(entries: readonly ListedEntry[]): void {
  const names = new Set<string>();
  for (const { name, folder } of entries) {
    const location = folder ? name.slice(0, -1) : name;
    if (names.has(location))
      throw new ReleaseError("ZipDuplicateEntry", `Two entries are named ${JSON.stringify(location)}.`);
    names.add(location);
  }
}

/** The latest end of each entry's bytes. Entries that overlap are rejected. */
function withEnds(listed: readonly ListedEntry[], { start }: ZipEnd): readonly ZipEntry[] {
  const inOrder = [...listed].sort((a, b) => a.offset - b.offset);
  const ends = new Map<ListedEntry, number>();
  for (const [index, entry] of inOrder.entries()) {
    const end = inOrder[index + 1]?.offset ?? start;
    if (entry.offset + localHeaderLength + entry.rawName.length + entry.compressedSize > end) {
      const seen = `The entry ${JSON.stringify(entry.name)} overlaps the data that follows it.`;
      throw new ReleaseError("ZipOverlap", seen);
    }
    ends.set(entry, end);
  }
  return listed.map((entry) => ({ ...entry, end: ends.get(entry) ?? start }));
}

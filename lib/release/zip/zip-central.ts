/** The central directory of a zip, record by record. */
import { ReleaseError } from "#release/errors/errors.ts";
import type { ZipEntry } from "./zip-entry.ts";
import { entryName } from "./zip-name.ts";

const recordSignature = 0x02014b50;
const recordLength = 46;
const encryptedBits = 0x0001 | 0x0040 | 0x2000; // traditional, strong, and masked header
const utf8Bit = 0x0800;
const unixHosts = [3, 19];
const windowsHosts = [0, 10, 11, 14];
const symlink = 0xa000;

/** An entry before its neighbours are known. */
export type ListedEntry = Omit<ZipEntry, "end">;

/** Reads every record of `directory`; `shift` is added to their offsets. */
export function readRecords(directory: Uint8Array, shift: number): readonly ListedEntry[] {
  const view = new DataView(directory.buffer, directory.byteOffset, directory.byteLength);
  const entries: ListedEntry[] = [];
  for (let at = 0; at < directory.length; ) {
    if (at + recordLength > directory.length || view.getUint32(at, true) !== recordSignature) {
      throw new ReleaseError(
        "ZipMalformed",
        `Record ${entries.length + 1} of the zip's directory has no record signature.`,
      );
    }
    const next = at + recordLength + view.getUint16(at + 28, true) + view.getUint16(at + 30, true);
    const after = next + view.getUint16(at + 32, true);
    if (after > directory.length) throw new ReleaseError("ZipTruncated", "The zip's directory is cut off.");
    entries.push(readRecord(view, directory, at, shift));
    at = after;
  }
  return entries;
}

function readRecord(view: DataView, directory: Uint8Array, at: number, shift: number): ListedEntry {
  const host = view.getUint8(at + 5);
  const flags = view.getUint16(at + 8, true);
  const nameEnd = at + recordLength + view.getUint16(at + 28, true);
  const rawName = directory.slice(at + recordLength, nameEnd);
  const extra = extraFields(directory.subarray(nameEnd, nameEnd + view.getUint16(at + 30, true)));
  const unicodePath = extra.get(0x7075);
  const name = entryName({
    raw: rawName,
    utf8: (flags & utf8Bit) !== 0,
    windows: windowsHosts.includes(host),
    ...(unicodePath === undefined ? {} : { unicodePath }),
  });
  const shown = JSON.stringify(name);
  if ((flags & encryptedBits) !== 0)
    throw new ReleaseError("ZipEncrypted", `The entry ${shown} is encrypted.`);
  const mode = view.getUint32(at + 38, true) >>> 16;
  if (unixHosts.includes(host) && (mode & 0xf000) === symlink) {
    throw new ReleaseError("ZipSymlink", `The entry ${shown} is a symbolic link.`);
  }
  const sizes = readSizes(view, at, extra.get(0x0001));
  return {
    name,
    rawName,
    folder: name.endsWith("/"),
    executable: !unixHosts.includes(host) || (mode & 0o111) !== 0,
    method: methodOf(view.getUint16(at + 10, true), shown),
    crc32: view.getUint32(at + 16, true),
    ...sizes,
    offset: sizes.offset + shift,
  };
}

function methodOf(method: number, shown: string): ZipEntry["method"] {
  if (method === 0) return "store";
  if (method === 8) return "deflate";
  throw new ReleaseError("ZipMethodUnsupported", `The entry ${shown} is compressed with method ${method}.`);
}

/** Reads sizes and offset. A field whose bits are all ones is in the zip64 extra field, in this order. */
function readSizes(view: DataView, at: number, zip64: Uint8Array | undefined) {
  const wide = zip64 && new DataView(zip64.buffer, zip64.byteOffset, zip64.byteLength);
  let cursor = 0;
  const read = (value: number): number => {
    if (value !== 0xffffffff) return value;
    if (wide === undefined || cursor + 8 > wide.byteLength) {
      throw new ReleaseError("ZipMalformed", "An entry's zip64 field is missing or too short.");
    }
    const long = wide.getBigUint64(cursor, true);
    cursor += 8;
    if (long > BigInt(Number.MAX_SAFE_INTEGER))
      throw new ReleaseError("ZipMalformed", "A zip64 size is larger than a file can be.");
    return Number(long);
  };
  const size = read(view.getUint32(at + 24, true));
  const compressedSize = read(view.getUint32(at + 20, true));
  const offset = read(view.getUint32(at + 42, true));
  return { size, compressedSize, offset };
}

/** A damaged extra field ends the list; the reader that needs a missing field reports it. */
function extraFields(bytes: Uint8Array): ReadonlyMap<number, Uint8Array> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const fields = new Map<number, Uint8Array>();
  for (let at = 0; at + 4 <= bytes.length; ) {
    const length = view.getUint16(at + 2, true);
    if (at + 4 + length > bytes.length) break;
    fields.set(view.getUint16(at, true), bytes.subarray(at + 4, at + 4 + length));
    at += 4 + length;
  }
  return fields;
}

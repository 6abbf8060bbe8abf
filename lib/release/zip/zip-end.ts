/** The end of a zip, where reading one begins: the record that says where its directory is, in both its sizes. */
import { ReleaseError } from "#release/errors/errors.ts";

export type ZipEnd = {
  /** Of the directory, in the file. */
  readonly start: number;
  readonly size: number;
  readonly entries: number;
  /**
   * The number of bytes before the archive (a self-extracting stub). Every offset in the archive is off by
   * this number.
   */
  readonly shift: number;
};

const endSignature = 0x06054b50;
const endLength = 22;
const longestComment = 0xffff;
const locatorSignature = 0x07064b50;
const locatorLength = 20;
const bigEndSignature = 0x06064b50;
const bigEndLength = 56;

/** Holds the record with the longest comment, the zip64 records, and the directory of most artifacts. */
export const tailLength = 128 * 1024;

/** Reads the end record from the last bytes of a file of `fileSize` bytes; undefined when they hold none. */
export function findEnd(tail: Uint8Array, fileSize: number): ZipEnd | undefined {
  const view = new DataView(tail.buffer, tail.byteOffset, tail.byteLength);
  const lowest = Math.max(0, tail.length - endLength - longestComment);
  for (let at = tail.length - endLength; at >= lowest; at -= 1) {
    // The comment has to reach exactly to the end, else its own bytes could pose as a record.
    if (
      view.getUint32(at, true) === endSignature &&
      view.getUint16(at + 20, true) === tail.length - at - endLength
    ) {
      return readEnd(view, at, fileSize - tail.length);
    }
  }
  return undefined;
}

function readEnd(view: DataView, at: number, tailStart: number): ZipEnd {
  const small = {
    disk: view.getUint16(at + 4, true),
    entries: view.getUint16(at + 10, true),
    size: view.getUint32(at + 12, true),
    offset: view.getUint32(at + 16, true),
  };
  const big = small.entries === 0xffff || small.size === 0xffffffff || small.offset === 0xffffffff;
  const locator = at - locatorLength;
  if (big && locator >= 0 && view.getUint32(locator, true) === locatorSignature) {
    return readBigEnd(view, locator, tailStart);
  }
  if (small.disk !== 0) throw multiDisk();
  return located({ ...small, end: tailStart + at });
}

function readBigEnd(view: DataView, locator: number, tailStart: number): ZipEnd {
  // Right before the locator in every archive without an (unused) extensible data sector, else where the locator says.
  const said = safe(view.getBigUint64(locator + 8, true)) - tailStart;
  const at = [locator - bigEndLength, said].find(
    (location) =>
      location >= 0 &&
      location + bigEndLength <= view.byteLength &&
      view.getUint32(location, true) === bigEndSignature,
  );
  if (at === undefined)
    throw new ReleaseError("ZipMalformed", "The zip64 end record is not where its locator says.");
  if (view.getUint32(at + 16, true) !== 0) throw multiDisk();
  return located({
    entries: safe(view.getBigUint64(at + 32, true)),
    size: safe(view.getBigUint64(at + 40, true)),
    offset: safe(view.getBigUint64(at + 48, true)),
    end: tailStart + at,
  });
}

function located(record: { entries: number; size: number; offset: number; end: number }): ZipEnd {
  const start = record.end - record.size;
  const shift = start - record.offset;
  if (start < 0 || shift < 0) {
    const seen = `The directory should be ${record.size} bytes at ${record.offset}; the file has no room for that.`;
    throw new ReleaseError("ZipTruncated", seen);
  }
  return { start, size: record.size, entries: record.entries, shift };
}

function safe(value: bigint): number {
  if (value > BigInt(Number.MAX_SAFE_INTEGER))
    throw new ReleaseError("ZipMalformed", "A zip64 size is larger than a file can be.");
  return Number(value);
}

const multiDisk = (): ReleaseError =>
  new ReleaseError("ZipMultiDisk", "The zip says that it continues on other disks.");

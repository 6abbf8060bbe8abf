/**
 * An entry of a zip: its fields in the directory, the location of its bytes, and a safe way to its content.
 */
import { crc32, inflateRawSync } from "node:zlib"; // pure functions of their input, hence allowed in the core
import { ReleaseError } from "#release/errors/errors.ts";
import { counted } from "#release/names/counted.ts";

export type ZipEntry = {
  /** With forward slashes; folders end in one. */
  readonly name: string;
  /** The name's bytes as they are in the archive, which the local header has to repeat. */
  readonly rawName: Uint8Array;
  readonly folder: boolean;
  /** By its Unix mode; entries of systems that have none count as executable, as they do for the AWS tools. */
  readonly executable: boolean;
  readonly method: "store" | "deflate";
  readonly compressedSize: number;
  readonly size: number;
  readonly crc32: number;
  /** The offset of the entry's local header. */
  readonly offset: number;
  /** The offset of the next entry or of the directory. All bytes of the entry lie before it. */
  readonly end: number;
};

/** The fixed part of a local header; name and extra field follow, their lengths in its last four bytes. */
export const localHeaderLength = 30;
const localHeaderSignature = 0x04034b50;
const longestExtraField = 0xffff;

/** The smallest range that surely holds the entry's header and data. */
export function entryRange(entry: ZipEntry): { readonly start: number; readonly end: number } {
  const most = localHeaderLength + entry.rawName.length + longestExtraField + entry.compressedSize;
  return { start: entry.offset, end: Math.min(entry.end, entry.offset + most) };
}

/** Where the entry's data begins, counted from the begin of its local header; `header` needs the fixed part and the name. */
export function dataOffset(entry: ZipEntry, header: Uint8Array): number {
  const view = new DataView(header.buffer, header.byteOffset, header.byteLength);
  if (header.length < localHeaderLength + entry.rawName.length) {
    throw new ReleaseError(
      "ZipTruncated",
      `The zip ends inside the header of ${JSON.stringify(entry.name)}.`,
    );
  }
  const nameLength = view.getUint16(26, true);
  const name = header.subarray(localHeaderLength, localHeaderLength + nameLength);
  if (view.getUint32(0, true) !== localHeaderSignature || !equal(name, entry.rawName)) {
    const seen = `The directory lists ${JSON.stringify(entry.name)} at byte ${entry.offset}; something else is there.`;
    throw new ReleaseError("ZipMalformed", seen);
  }
  return localHeaderLength + nameLength + view.getUint16(28, true);
}

/** The entry's content from the bytes of its `entryRange`. Never yields more than the directory declares. */
export function entryContent(entry: ZipEntry, range: Uint8Array): Uint8Array {
  const begin = dataOffset(entry, range);
  const data = range.subarray(begin, begin + entry.compressedSize);
  const shown = JSON.stringify(entry.name);
  if (data.length < entry.compressedSize) {
    throw new ReleaseError("ZipTruncated", `The zip ends inside ${shown}.`);
  }
  const content = entry.method === "store" ? data : inflate(entry, data);
  if (content.length !== entry.size) {
    const seen = `${shown} unpacks to ${counted(content.length, "byte")}; the directory says ${entry.size}.`;
    throw new ReleaseError("ZipMalformed", seen);
  }
  if (crc32(content) !== entry.crc32) {
    throw new ReleaseError("ZipChecksum", `The content of ${shown} does not match its CRC-32.`);
  }
  return content;
}

function inflate(entry: ZipEntry, data: Uint8Array): Uint8Array {
  try {
    return inflateRawSync(data, { maxOutputLength: Math.max(entry.size, 1) });
  } catch (error) {
    const shown = JSON.stringify(entry.name);
    if (error instanceof RangeError) {
      throw new ReleaseError(
        "ZipBomb",
        `${shown} unpacks to more than the ${counted(entry.size, "byte")} it declares.`,
        error,
      );
    }
    throw new ReleaseError(
      "ZipMalformed",
      `${shown} cannot be unpacked: its deflate stream is damaged.`,
      error,
    );
  }
}

const equal = (a: Uint8Array, b: Uint8Array): boolean =>
  a.length === b.length && a.every((byte, index) => byte === b[index]);

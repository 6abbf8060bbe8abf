/**
 * Packs entries of one zip into another without unpacking them: it copies their compressed bytes. The
 * directory alone determines the new zip's bytes and size; only the copied ranges have to be read.
 */
import { ReleaseError } from "#release/errors/errors.ts";
import type { ZipEntry } from "./zip-entry.ts";

/** An entry under the name it shall have. */
type PackedFile = { readonly name: string; readonly entry: ZipEntry };

/** Bytes to write, or an entry whose compressed data is to be copied; in order. */
type Piece =
  | { readonly type: "bytes"; readonly bytes: Uint8Array }
  | { readonly type: "entry"; readonly entry: ZipEntry };

export type Layout = { readonly size: number; readonly pieces: readonly Piece[] };

/** Bytes to write, or a stretch of the artifact to copy; in order. */
export type Segment =
  | { readonly type: "bytes"; readonly bytes: Uint8Array }
  | { readonly type: "copy"; readonly start: number; readonly end: number };

const version = 20;
const unixHost = 3 << 8;
const utf8 = 0x0800;
const methods = { store: 0, deflate: 8 } as const;
const dosDate = 0x0021; // 1980-01-01, the first day zip knows
const plainFile = 0o100644;
const programFile = 0o100755;
const mostEntries = 0xfffe; // beyond, and beyond 4 GiB, a zip needs its 64-bit form, which Lambda has no use for
const mostBytes = 0xfffffffe;

/** The segments of a layout. `dataStart`: where an entry's data begins in the artifact. */
export const segmentsOf = ({ pieces }: Layout, dataStart: (entry: ZipEntry) => number): readonly Segment[] =>
  pieces.map((piece) => {
    if (piece.type === "bytes") return piece;
    const start = dataStart(piece.entry);
    return { type: "copy", start, end: start + piece.entry.compressedSize };
  });

/** In the order of the artifact, so that it is copied in one go; one fixed time, modes 644 and 755. */
export function layOut(files: readonly PackedFile[]): Layout {
  const sorted = [...files].sort((a, b) => a.entry.offset - b.entry.offset);
  const pieces: Piece[] = [];
  const records: Uint8Array[] = [];
  let offset = 0;
  for (const { name, entry } of sorted) {
    const rawName = Buffer.from(name);
    const shared = sharedFields(entry, rawName.length);
    const local = Buffer.concat([u32(0x04034b50), u16(version), shared, rawName]);
    const mode = entry.executable ? programFile : plainFile;
    const location = [u16(0), u16(0), u16(0), u32((mode << 16) >>> 0), u32(offset), rawName];
    records.push(
      Buffer.concat([u32(0x02014b50), u16(unixHost | version), u16(version), shared, ...location]),
    );
    pieces.push({ type: "bytes", bytes: local });
    if (entry.compressedSize > 0) pieces.push({ type: "entry", entry });
    offset += local.length + entry.compressedSize;
    rejectHuge(sorted.length, offset);
  }
  const directory = Buffer.concat(records);
  const count = u16(sorted.length);
  const end = [u32(0x06054b50), u16(0), u16(0), count, count, u32(directory.length), u32(offset), u16(0)];
  const tail = Buffer.concat([directory, ...end]);
  return { size: offset + tail.length, pieces: [...pieces, { type: "bytes", bytes: tail }] };
}

/** The fields a local header and a directory record have in common. */
function sharedFields(entry: ZipEntry, nameLength: number): Uint8Array {
  const head = [u16(utf8), u16(methods[entry.method]), u16(0), u16(dosDate)];
  const sizes = [u32(entry.crc32), u32(entry.compressedSize), u32(entry.size)];
  return Buffer.concat([...head, ...sizes, u16(nameLength), u16(0)]);
}

function rejectHuge(entries: number, bytes: number): void {
  if (entries <= mostEntries && bytes <= mostBytes) return;
  const seen = `A folder to be packed has ${entries} files and more than ${bytes} bytes; ${mostEntries} files and 4 GiB can be packed.`;
  throw new ReleaseError("ReferenceMalformed", seen);
}

function u16(value: number): Uint8Array {
  return Uint8Array.of(value, value >> 8);
}

function u32(value: number): Uint8Array {
  return Uint8Array.of(value, value >> 8, value >> 16, value >> 24);
}

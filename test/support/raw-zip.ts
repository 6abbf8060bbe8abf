/**
 * Writes zips byte by byte, including zips that no tool writes: a test can set every field of every record.
 */
import { crc32, deflateRawSync } from "node:zlib";

type Fields = {
  readonly flags: number;
  readonly method: number;
  readonly crc: number;
  readonly compressedSize: number;
  readonly size: number;
  readonly name: string | Uint8Array;
  readonly extra: Uint8Array;
};

export type RawEntry = {
  readonly name: string | Uint8Array;
  readonly content?: string | Uint8Array;
  readonly deflate?: boolean;
  /** The bytes between the local header and the next one, in place of the (packed) content. */
  readonly packed?: Uint8Array;
  /** Sizes and checksum follow the data instead of preceding it. */
  readonly descriptor?: boolean;
  readonly local?: Partial<Fields>;
  readonly central?: Partial<
    Fields & { offset: number; mode: number; madeBy: number; disk: number; comment: string }
  >;
  /** The entry is in the directory only, and its bytes belong to another entry. */
  readonly listedOnly?: boolean;
};

type RawArchive = {
  readonly prefix?: Uint8Array;
  readonly comment?: string | Uint8Array;
  readonly end?: Partial<
    Record<"disk" | "startDisk" | "here" | "entries" | "size" | "offset" | "commentLength", number>
  >;
  /** The bytes between the directory and the end record, for example zip64 records. */
  readonly beforeEnd?: (directory: {
    readonly entries: number;
    readonly size: number;
    readonly offset: number;
    readonly end: number;
  }) => Uint8Array;
  readonly after?: Uint8Array;
};

const unix = 3 << 8;
const version = 20;

export function rawZip(entries: readonly RawEntry[], archive: RawArchive = {}): Uint8Array {
  const bodies: Uint8Array[] = [archive.prefix ?? Buffer.alloc(0)];
  const records: Uint8Array[] = [];
  let at = bodies[0]?.length ?? 0;
  for (const entry of entries) {
    const content = bytesOf(entry.content ?? "");
    const packed = entry.packed ?? (entry.deflate ? deflateRawSync(content) : content);
    const truth: Fields = {
      flags: 0x0800 | (entry.descriptor ? 8 : 0),
      method: entry.deflate ? 8 : 0,
      crc: crc32(content),
      compressedSize: packed.length,
      size: content.length,
      name: entry.name,
      extra: Buffer.alloc(0),
    };
    const unknown = entry.descriptor ? { crc: 0, compressedSize: 0, size: 0 } : {};
    const { central = {} } = entry;
    const offset = central.offset ?? at;
    records.push(
      Buffer.concat([
        ...[
          u32(0x02014b50),
          u16(central.madeBy ?? unix | version),
          u16(version),
          shared({ ...truth, ...central }),
        ],
        ...[u16(Buffer.byteLength(central.comment ?? "")), u16(central.disk ?? 0), u16(0)],
        ...[
          u32(((central.mode ?? 0o100644) << 16) >>> 0),
          u32(offset),
          tail({ ...truth, ...central }),
          bytesOf(central.comment ?? ""),
        ],
      ]),
    );
    if (entry.listedOnly) continue;
    const said = { ...truth, ...unknown, ...entry.local };
    const after = entry.descriptor
      ? [u32(0x08074b50), u32(truth.crc), u32(truth.compressedSize), u32(truth.size)]
      : [];
    const body = Buffer.concat([u32(0x04034b50), u16(version), shared(said), tail(said), packed, ...after]);
    bodies.push(body);
    at += body.length;
  }
  const directory = Buffer.concat(records);
  const { end = {}, comment = "", after = Buffer.alloc(0) } = archive;
  const before = archive.beforeEnd?.({
    entries: entries.length,
    size: directory.length,
    offset: at,
    end: at + directory.length,
  });
  return Buffer.concat([
    ...bodies,
    directory,
    before ?? Buffer.alloc(0),
    ...[u32(0x06054b50), u16(end.disk ?? 0), u16(end.startDisk ?? 0)],
    ...[u16(end.here ?? entries.length), u16(end.entries ?? entries.length)],
    ...[u32(end.size ?? directory.length), u32(end.offset ?? at)],
    ...[u16(end.commentLength ?? bytesOf(comment).length), bytesOf(comment)],
    after,
  ]);
}

/** The records of zip64. Fields of `wrong` replace the right values. */
export const zip64Records =
  (
    wrong: {
      readonly locator?: number;
      readonly entries?: bigint;
      readonly size?: bigint;
      readonly offset?: bigint;
    } = {},
  ) =>
  ({
    entries,
    size,
    offset,
    end,
  }: {
    readonly entries: number;
    readonly size: number;
    readonly offset: number;
    readonly end: number;
  }): Uint8Array =>
    Buffer.concat([
      ...[u32(0x06064b50), u64(44n), u16(unix | 45), u16(45), u32(0), u32(0)],
      ...[u64(BigInt(entries)), u64(wrong.entries ?? BigInt(entries))],
      ...[u64(wrong.size ?? BigInt(size)), u64(wrong.offset ?? BigInt(offset))],
      ...[u32(0x07064b50), u32(0), u64(BigInt(wrong.locator ?? end)), u32(1)],
    ]);

/** The end record whose fields all refer to zip64. */
export const all64 = { here: 0xffff, entries: 0xffff, size: 0xffffffff, offset: 0xffffffff } as const;

/** The common fields of a local header and a directory record: flags, method, time, checksum and sizes. */
function shared({ flags, method, crc, compressedSize, size, name, extra }: Fields): Uint8Array {
  const lengths = [u16(bytesOf(name).length), u16(extra.length)];
  return Buffer.concat([
    u16(flags),
    u16(method),
    u16(0),
    u16(33),
    u32(crc),
    u32(compressedSize),
    u32(size),
    ...lengths,
  ]);
}

const tail = ({ name, extra }: Fields): Uint8Array => Buffer.concat([bytesOf(name), extra]);
const bytesOf = (text: string | Uint8Array): Uint8Array =>
  typeof text === "string" ? Buffer.from(text) : text;

export const u16 = (value: number): Uint8Array => Uint8Array.of(value, value >> 8);
const u32 = (value: number): Uint8Array => Uint8Array.of(value, value >> 8, value >> 16, value >> 24);
const u64 = (value: bigint): Uint8Array => {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64LE(value);
  return bytes;
};

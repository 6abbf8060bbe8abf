/** Writes a zip of any size in no time: its payload is a hole in the file, after its template. */
import { type FileHandle, open } from "node:fs/promises";
import { crc32 } from "node:zlib";

const zip64 = 0xffff_ffff;

type Entry = { readonly name: string; readonly size: number; readonly crc: number; readonly offset: number };

/**
 * Writes `template` as `template.json`, and `payload` zeros in one stored entry, whose checksum is not
 * checked.
 */
export async function writeSparseZip(file: string, payload: number, template: string): Promise<number> {
  const handle = await open(file, "w");
  try {
    // The template is far from the directory. That is the harder case, because one range does not cover both.
    const bytes = Buffer.from(template);
    const first: Entry = { name: "template.json", size: bytes.length, crc: crc32(bytes), offset: 0 };
    let at = await put(handle, Buffer.concat([localHeader(first), bytes]), 0);
    const hole: Entry = { name: "assets/payload.bin", size: payload, crc: 0, offset: at };
    at = await put(handle, localHeader(hole), at);
    at += payload; // a hole in a file reads as zeros
    const directory = Buffer.concat([first, hole].map(directoryEntry));
    const end = await put(handle, directory, at);
    return await put(handle, endOf(2, directory.length, at), end);
  } finally {
    await handle.close();
  }
}

async function put(handle: FileHandle, bytes: Buffer, at: number): Promise<number> {
  await handle.write(bytes, 0, bytes.length, at);
  return at + bytes.length;
}

const u16 = (...values: readonly number[]): Buffer =>
  Buffer.concat(values.map((value) => Buffer.from([value & 255, value >> 8])));

function u32(...values: readonly number[]): Buffer {
  const bytes = Buffer.alloc(values.length * 4);
  for (const [index, value] of values.entries()) bytes.writeUInt32LE(value, index * 4);
  return bytes;
}

function u64(...values: readonly number[]): Buffer {
  const bytes = Buffer.alloc(values.length * 8);
  for (const [index, value] of values.entries()) bytes.writeBigUInt64LE(BigInt(value), index * 8);
  return bytes;
}

const extra = (...values: readonly number[]): Buffer =>
  Buffer.concat([u16(1, values.length * 8), u64(...values)]);

function localHeader({ name, size, crc }: Entry): Buffer {
  const more = extra(size, size);
  return Buffer.concat([
    ...[u32(0x0403_4b50), u16(45, 0, 0, 0, 0x21), u32(crc, zip64, zip64), u16(name.length, more.length)],
    ...[Buffer.from(name), more],
  ]);
}

function directoryEntry({ name, size, crc, offset }: Entry): Buffer {
  const more = extra(size, size, offset);
  return Buffer.concat([
    ...[u32(0x0201_4b50), u16(0x032d, 45, 0, 0, 0, 0x21), u32(crc, zip64, zip64)],
    ...[u16(name.length, more.length, 0, 0, 0), u32(0, zip64), Buffer.from(name), more],
  ]);
}

function endOf(entries: number, length: number, at: number): Buffer {
  const own = Buffer.concat([
    u32(0x0606_4b50),
    u64(44),
    u16(45, 45),
    u32(0, 0),
    u64(entries, entries, length, at),
  ]);
  const locator = Buffer.concat([u32(0x0706_4b50, 0), u64(at + length), u32(1)]);
  const end = Buffer.concat([u32(0x0605_4b50), u16(0, 0, 0xffff, 0xffff), u32(zip64, zip64), u16(0)]);
  return Buffer.concat([own, locator, end]);
}

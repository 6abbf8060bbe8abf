/**
 * Reads zip archives from their central directory. An entry that would leave the target folder is rejected.
 */
import { chmod, mkdir, symlink, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { crc32, inflateRawSync } from "node:zlib";
import { AwsError } from "#cloud/kernel/aws-error.ts";

type ZipEntry = {
  readonly name: string;
  readonly directory: boolean;
  readonly size: number;
  /** Unix mode bits, or 0 when the archive comes from another system. */
  readonly mode: number;
  readonly read: () => Buffer;
};

const END = 0x06054b50;
const END_64 = 0x06064b50;
const CENTRAL = 0x02014b50;
const LOCAL = 0x04034b50;
const MAX_32 = 0xffffffff;

const broken = (why: string): AwsError =>
  new AwsError("InvalidZip", `The artifact is not a zip archive that can be read: ${why}`);

export const looksLikeZip = (bytes: Buffer): boolean =>
  bytes.length >= 22 && (bytes.readUInt32LE(0) === LOCAL || bytes.readUInt32LE(0) === END);

export function readZip(bytes: Buffer): readonly ZipEntry[] {
  try {
    return readEntries(bytes);
  } catch (error) {
    if (error instanceof RangeError) throw broken("it is truncated");
    throw error;
  }
}

function readEntries(bytes: Buffer): readonly ZipEntry[] {
  const end = findEnd(bytes);
  let count = bytes.readUInt16LE(end + 10);
  let at = bytes.readUInt32LE(end + 16);
  if (count === 0xffff || at === MAX_32) {
    const locator = end - 20;
    const record = Number(bytes.readBigUInt64LE(locator + 8));
    if (bytes.readUInt32LE(record) !== END_64) throw broken("its zip64 end record is missing");
    count = Number(bytes.readBigUInt64LE(record + 32));
    at = Number(bytes.readBigUInt64LE(record + 48));
  }
  const entries: ZipEntry[] = [];
  for (let index = 0; index < count; index += 1) {
    if (bytes.readUInt32LE(at) !== CENTRAL) throw broken("its central directory is damaged");
    const nameLength = bytes.readUInt16LE(at + 28);
    const extraLength = bytes.readUInt16LE(at + 30);
    entries.push(readEntry(bytes, at, nameLength, extraLength));
    at += 46 + nameLength + extraLength + bytes.readUInt16LE(at + 32);
  }
  return entries;
}

function findEnd(bytes: Buffer): number {
  for (let at = bytes.length - 22; at >= Math.max(0, bytes.length - 22 - 0xffff); at -= 1) {
    if (bytes.readUInt32LE(at) === END) return at;
  }
  throw broken("no end of central directory was found");
}

function readEntry(bytes: Buffer, at: number, nameLength: number, extraLength: number): ZipEntry {
  const name = bytes.subarray(at + 46, at + 46 + nameLength).toString("utf8");
  const flags = bytes.readUInt16LE(at + 8);
  const method = bytes.readUInt16LE(at + 10);
  const checksum = bytes.readUInt32LE(at + 16);
  const wide = wideFields(bytes.subarray(at + 46 + nameLength, at + 46 + nameLength + extraLength), [
    bytes.readUInt32LE(at + 24),
    bytes.readUInt32LE(at + 20),
    bytes.readUInt32LE(at + 42),
  ]);
  const [size = 0, packed = 0, offset = 0] = wide;
  return {
    name,
    size,
    directory: name.endsWith("/"),
    mode: bytes.readUInt32LE(at + 38) >>> 16,
    read: () => {
      if ((flags & 1) !== 0) throw broken(`its entry ${name} is encrypted`);
      if (bytes.readUInt32LE(offset) !== LOCAL) throw broken(`its entry ${name} is damaged`);
      const start = offset + 30 + bytes.readUInt16LE(offset + 26) + bytes.readUInt16LE(offset + 28);
      const raw = bytes.subarray(start, start + packed);
      const data = unpack(name, method, raw, size);
      if (data.length !== size || crc32(data) !== checksum) throw broken(`its entry ${name} is damaged`);
      return data;
    },
  };
}

function unpack(name: string, method: number, raw: Buffer, size: number): Buffer {
  if (method === 0) return raw;
  if (method !== 8) throw broken(`its entry ${name} uses compression method ${method}`);
  try {
    return inflateRawSync(raw, { maxOutputLength: Math.max(size, 1) });
  } catch (cause) {
    throw Object.assign(broken(`its entry ${name} is damaged`), { cause });
  }
}

/** An extra field holds the sizes and the offset that do not fit into 32 bits, in this order. */
function wideFields(extra: Buffer, fields: readonly number[]): readonly number[] {
  for (let at = 0; at + 4 <= extra.length; at += 4 + extra.readUInt16LE(at + 2)) {
    if (extra.readUInt16LE(at) !== 1) continue;
    let next = at + 4;
    return fields.map((field) => {
      if (field !== MAX_32) return field;
      next += 8;
      return Number(extra.readBigUInt64LE(next - 8));
    });
  }
  return fields;
}

/** True for a name that stays inside the target folder. */
export const isSafeName = (name: string): boolean =>
  name !== "" &&
  !name.startsWith("/") &&
  !name.includes("\\") &&
  !name.includes("\0") &&
  !/^[A-Za-z]:/.test(name) &&
  !name.split("/").includes("..");

const SYMLINK = 0o120000;
const KIND = 0o170000;

/** Unpacks all entries into `folder`. Throws before the first write when a name is unsafe. */
export async function unzipTo(bytes: Buffer, folder: string): Promise<void> {
  const entries = readZip(bytes);
  const unsafe = entries.find(({ name }) => !isSafeName(name));
  if (unsafe !== undefined)
    throw broken(`its entry ${JSON.stringify(unsafe.name)} would be written outside its folder`);
  const links: (() => Promise<void>)[] = [];
  await mkdir(folder, { recursive: true });
  for (const entry of entries) {
    const path = join(folder, entry.name);
    if (entry.directory) {
      await mkdir(path, { recursive: true });
      continue;
    }
    await mkdir(dirname(path), { recursive: true });
    if ((entry.mode & KIND) === SYMLINK) {
      const target = entry.read().toString("utf8");
      const inside = join(dirname(entry.name), target);
      if (target.startsWith("/") || inside.startsWith("..")) {
        throw broken(`its link ${entry.name} points outside its folder`);
      }
      links.push(() => symlink(target, path));
      continue;
    }
    await writeFile(path, entry.read());
    if ((entry.mode & 0o111) !== 0) await chmod(path, 0o755);
  }
  // Links come last, so that no file is written through a link.
  for (const link of links) await link();
}

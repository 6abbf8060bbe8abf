/**
 * Unpacks a function's zip into a directory: stored and deflated entries, no entry outside the directory,
 * bounded in size.
 */
import { chmod, mkdir, symlink, writeFile } from "node:fs/promises";
import { dirname, join, normalize } from "node:path";
import { inflateRawSync } from "node:zlib";

export class ZipError extends Error {
  override name = "ZipError";
}

const END = 0x06054b50;
const CENTRAL = 0x02014b50;
const LOCAL = 0x04034b50;

type Entry = {
  readonly name: string;
  readonly method: number;
  readonly encrypted: boolean;
  readonly packed: number;
  readonly size: number;
  readonly offset: number;
  readonly mode: number;
};

/** Returns the entries of the central directory. Throws ZipError when the bytes are not a complete zip. */
export function readEntries(zip: Buffer): readonly Entry[] {
  const end = findEnd(zip);
  const count = zip.readUInt16LE(end + 10);
  let at = zip.readUInt32LE(end + 16);
  const entries: Entry[] = [];
  for (let index = 0; index < count; index += 1) {
    if (at + 46 > zip.length || zip.readUInt32LE(at) !== CENTRAL)
      throw new ZipError("the central directory is damaged");
    const nameLength = zip.readUInt16LE(at + 28);
    entries.push({
      name: zip.toString("utf8", at + 46, at + 46 + nameLength),
      method: zip.readUInt16LE(at + 10),
      encrypted: (zip.readUInt16LE(at + 8) & 1) === 1,
      packed: zip.readUInt32LE(at + 20),
      size: zip.readUInt32LE(at + 24),
      mode: zip.readUInt32LE(at + 38) >>> 16,
      offset: zip.readUInt32LE(at + 42),
    });
    at += 46 + nameLength + zip.readUInt16LE(at + 30) + zip.readUInt16LE(at + 32);
  }
  return entries;
}

function findEnd(zip: Buffer): number {
  for (let at = zip.length - 22; at >= 0 && at >= zip.length - 65_557; at -= 1)
    if (zip.readUInt32LE(at) === END) return at;
  throw new ZipError("no end of central directory was found");
}

/**
 * Throws for an entry that would land outside, is encrypted or uses another method, and for more than
 * `limit` bytes in total.
 */
export function checkEntries(entries: readonly Entry[], limit: number): void {
  let total = 0;
  for (const { name, method, encrypted, size } of entries) {
    const path = normalize(name.replaceAll("\\", "/"));
    if (
      path.startsWith("/") ||
      path === ".." ||
      path.startsWith("../") ||
      /^[a-zA-Z]:/.test(path) ||
      name.includes("\0")
    )
      throw new ZipError(`the entry ${name} points outside the package`);
    if (encrypted || (method !== 0 && method !== 8))
      throw new ZipError(`the entry ${name} is encrypted or compressed by an unknown method`);
    total += size;
  }
  if (total > limit) throw new ZipError(`Unzipped size must be smaller than ${limit} bytes`);
}

export async function unzip(zip: Buffer, directory: string, limit: number): Promise<void> {
  const entries = readEntries(zip);
  checkEntries(entries, limit);
  await mkdir(directory, { recursive: true });
  const links: { readonly path: string; readonly target: string }[] = [];
  for (const entry of entries) {
    const path = join(directory, entry.name.replaceAll("\\", "/"));
    if (entry.name.endsWith("/")) {
      await mkdir(path, { recursive: true });
      continue;
    }
    const bytes = contentOf(zip, entry);
    await mkdir(dirname(path), { recursive: true });
    if ((entry.mode & 0o170_000) === 0o120_000) links.push({ path, target: bytes.toString("utf8") });
    else {
      await writeFile(path, bytes);
      if ((entry.mode & 0o111) !== 0) await chmod(path, 0o755);
    }
  }
  // Links come last and stay within the directory, so that no file is written through a link.
  for (const { path, target } of links) {
    if (!join(dirname(path), target).startsWith(directory) || target.startsWith("/"))
      throw new ZipError(`the link ${path.slice(directory.length + 1)} points outside the package`);
    await symlink(target, path);
  }
}

function contentOf(zip: Buffer, entry: Entry): Buffer {
  if (entry.offset + 30 > zip.length || zip.readUInt32LE(entry.offset) !== LOCAL)
    throw new ZipError(`the entry ${entry.name} is damaged`);
  const start = entry.offset + 30 + zip.readUInt16LE(entry.offset + 26) + zip.readUInt16LE(entry.offset + 28);
  const packed = zip.subarray(start, start + entry.packed);
  try {
    const bytes =
      entry.method === 0 ? packed : inflateRawSync(packed, { maxOutputLength: Math.max(entry.size, 1) });
    if (bytes.length !== entry.size) throw new ZipError(`the entry ${entry.name} is truncated`);
    return bytes;
  } catch (cause) {
    throw cause instanceof ZipError ? cause : new ZipError(`the entry ${entry.name} is damaged`, { cause });
  }
}

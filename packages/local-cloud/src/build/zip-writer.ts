/** Writes zip archives of files in memory or of a folder. Equal input gives equal bytes. */
import { readdir, readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { crc32, deflateRawSync } from "node:zlib";

type ZipFile = { readonly name: string; readonly data: Buffer; readonly executable?: boolean };

/** 1980-01-01 00:00, the earliest time that a zip can store. */
const DOS_DATE = 0x21;
const UTF8 = 0x0800;

export function writeZip(files: readonly ZipFile[]): Buffer {
  const parts: Buffer[] = [];
  const directory: Buffer[] = [];
  let offset = 0;
  for (const file of files) {
    const name = Buffer.from(file.name, "utf8");
    const deflated = deflateRawSync(file.data);
    const stored = deflated.length >= file.data.length;
    const body = stored ? file.data : deflated;
    const common = Buffer.alloc(26);
    common.writeUInt16LE(20, 0);
    common.writeUInt16LE(UTF8, 2);
    common.writeUInt16LE(stored ? 0 : 8, 4);
    common.writeUInt16LE(DOS_DATE, 8);
    common.writeUInt32LE(crc32(file.data), 10);
    common.writeUInt32LE(body.length, 14);
    common.writeUInt32LE(file.data.length, 18);
    common.writeUInt16LE(name.length, 22);
    const local = Buffer.from([0x50, 0x4b, 3, 4]);
    parts.push(local, common, name, body);
    const tail = Buffer.alloc(14);
    tail.writeUInt32LE(((0o100000 | (file.executable ? 0o755 : 0o644)) << 16) >>> 0, 6);
    tail.writeUInt32LE(offset, 10);
    directory.push(Buffer.from([0x50, 0x4b, 1, 2, 20, 3]), common, tail, name);
    offset += 4 + common.length + name.length + body.length;
  }
  const index = Buffer.concat(directory);
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(files.length, 8);
  end.writeUInt16LE(files.length, 10);
  end.writeUInt32LE(index.length, 12);
  end.writeUInt32LE(offset, 16);
  return Buffer.concat([...parts, index, end]);
}

/** Returns every file below `folder`, by its path relative to it, in order. */
export async function filesBelow(folder: string, inside = ""): Promise<readonly string[]> {
  const found: string[] = [];
  const entries = await readdir(join(folder, inside), { withFileTypes: true });
  for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
    const name = inside === "" ? entry.name : `${inside}/${entry.name}`;
    if (entry.isDirectory()) found.push(...(await filesBelow(folder, name)));
    else if (entry.isFile()) found.push(name);
  }
  return found;
}

/** `as` returns the name in the archive. */
export async function zipFiles(
  folder: string,
  names: readonly string[],
  as: (name: string) => string = (name) => name,
): Promise<Buffer> {
  const files: ZipFile[] = [];
  for (const name of names) {
    const path = join(folder, name);
    const { mode } = await stat(path);
    files.push({ name: as(name), data: await readFile(path), executable: (mode & 0o111) !== 0 });
  }
  return writeZip(files);
}

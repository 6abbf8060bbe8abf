/**
 * Writes files as a zip whose bytes depend only on their names and contents, so the digest can be its name.
 */
import { readdir, readFile } from "node:fs/promises";
import { join, relative, sep } from "node:path";
import { buffer } from "node:stream/consumers";
import { ZipFile } from "yazl";

/**
 * The earliest time that a zip can store, in local time as the format requires: the same bytes in every time
 * zone.
 */
const noTime = { mtime: new Date(1980, 0, 1), forceDosTimestamp: true, mode: 0o100644 } as const;

export async function zipFiles(folder: string): Promise<Buffer> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
  const zip = new ZipFile();
  for (const file of files) {
    zip.addBuffer(await readFile(file), relative(folder, file).split(sep).join("/"), noTime);
  }
  zip.end();
  return buffer(zip.outputStream);
}

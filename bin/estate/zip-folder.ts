/** A folder as zip bytes, for what is small: the code assets of the product's own stacks. */
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { buffer } from "node:stream/consumers";
import { ZipFile } from "yazl";

const epoch = new Date(1980, 0, 1);

export async function zipFolder(folder: string): Promise<Buffer> {
  const zip = new ZipFile();
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  for (const file of files.sort())
    zip.addBuffer(await readFile(file), file.slice(join(folder, "/").length), { mtime: epoch });
  zip.end();
  return buffer(zip.outputStream);
}

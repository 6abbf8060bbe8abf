/** Good inputs of every kind, made from the examples. */
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { deflateRawSync } from "node:zlib";
import { writeZip } from "#release/zip/zip-write.ts";

const root = "examples";
/** Larger files make slower inputs, not better ones. */
const largest = 20_000;

type File = { readonly name: string; readonly content: Uint8Array };

async function filesOf(folder: string): Promise<readonly File[]> {
  const entries = await readdir(join(root, folder), { recursive: true, withFileTypes: true });
  const files = entries
    .filter((entry) => entry.isFile() && !entry.parentPath.includes("node_modules"))
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
  const read = await Promise.all(
    files.map(async (path) => ({
      name: path.slice(join(root, folder).length + 1),
      content: await readFile(path),
    })),
  );
  return read.filter(({ content }) => content.length <= largest).slice(0, 20);
}

async function all(): Promise<readonly (readonly File[])[]> {
  const folders = (await readdir(root, { withFileTypes: true }))
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name);
  return Promise.all(folders.sort().map(filesOf));
}

/** A zip of each example. Two further zips hold deflated bytes in entries that are marked as stored. */
export async function packed(): Promise<readonly Uint8Array[]> {
  const examples = await all();
  const plain = examples.map(writeZip);
  const squeezed = examples
    .slice(0, 2)
    .map((files) => writeZip(files.map(({ name, content }) => ({ name, content: deflateRawSync(content) }))));
  return [...plain, ...squeezed];
}

/** The files whose names match the pattern. */
async function texts(pattern: RegExp): Promise<readonly Uint8Array[]> {
  return (await all())
    .flat()
    .filter(({ name }) => pattern.test(name))
    .map(({ content }) => content);
}

export const templates = (): Promise<readonly Uint8Array[]> =>
  texts(/(^|\/)(template|storage)\.(ya?ml|json)$/);
export const traitsFiles = (): Promise<readonly Uint8Array[]> => texts(/(^|\/)\.traits\/.*\.ya?ml$/);

/** Packs a folder into an artifact: sorted entries, fixed times, so that equal folders give equal zips. */
import { createWriteStream } from "node:fs";
import { mkdtemp, readdir, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import { ZipFile } from "yazl";
import { CommandError } from "./outcome.ts";

export type Packed = AsyncDisposable & {
  readonly path: string;
  readonly bytes: number;
  readonly entries: number;
};

/** Never part of an artifact: the history and what Kedge itself leaves. */
const left = new Set([".git", ".kedge", ".DS_Store"]);
/** The earliest time a zip can express. */
const epoch = new Date(1980, 0, 1);

/** A zip is taken as it is; a folder is packed into a temporary file that goes with the disposal. */
export async function packArtifact(source: string): Promise<Packed> {
  const found = await stat(source).catch(() => undefined);
  if (found === undefined) throw new CommandError(`There is no ${source}; give a folder to pack, or a zip.`);
  if (found.isFile())
    return { path: source, bytes: found.size, entries: 0, [Symbol.asyncDispose]: async () => undefined };
  const files = await filesBelow(source);
  if (files.length === 0)
    throw new CommandError(`${source} is empty; give the folder that holds your template.`);
  const scratch = await mkdtemp(join(tmpdir(), "kedge-pack-"));
  const path = join(scratch, "artifact.zip");
  const zip = new ZipFile();
  for (const { name, mode } of files) zip.addFile(join(source, name), name, { mtime: epoch, mode });
  zip.end();
  await pipeline(zip.outputStream, createWriteStream(path));
  const { size } = await stat(path);
  return {
    path,
    bytes: size,
    entries: files.length,
    [Symbol.asyncDispose]: async () => rm(scratch, { recursive: true, force: true }),
  };
}

async function filesBelow(
  root: string,
): Promise<readonly { readonly name: string; readonly mode: number }[]> {
  const files: { name: string; mode: number }[] = [];
  for (const entry of await readdir(root, { recursive: true, withFileTypes: true })) {
    const name = join(entry.parentPath, entry.name).slice(join(root, "/").length);
    if (name.split(/[\\/]/).some((part) => left.has(part))) continue;
    if (entry.isSymbolicLink()) {
      throw new CommandError(
        `${name} is a symbolic link, which an artifact cannot carry; replace it by what it points to.`,
      );
    }
    if (entry.isFile())
      files.push({ name: name.replaceAll("\\", "/"), mode: (await stat(join(root, name))).mode & 0o100755 });
  }
  return files.sort((a, b) => (a.name < b.name ? -1 : 1));
}

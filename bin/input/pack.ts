/** Packs a folder into an artifact: sorted entries, fixed times, so that equal folders give equal zips. */
import { createReadStream, createWriteStream } from "node:fs";
import { mkdtemp, readdir, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { pipeline } from "node:stream/promises";
import { ZipFile } from "yazl";
import { CommandError } from "#bin/show/outcome.ts";
import type { UploadContent } from "#ports/uploads.ts";

export type Packed = AsyncDisposable & {
  readonly path: string;
  readonly bytes: number;
  /** The number of packed files; zero for a zip that is used unchanged. */
  readonly entries: number;
  readonly content: UploadContent;
};

/** Left out of an artifact: Git's history and files of Kedge itself. */
const left = new Set([".git", ".kedge", ".DS_Store"]);
/** The earliest time a zip can express. */
const epoch = new Date(1980, 0, 1);

/** A zip is used unchanged; a folder is packed into a temporary file, which the disposal removes. */
export async function packArtifact(source: string): Promise<Packed> {
  const found = await stat(source).catch(() => undefined);
  if (found === undefined) throw new CommandError(`There is no ${source}; give a folder to pack, or a zip.`);
  if (found.isFile())
    return {
      ...{ path: source, bytes: found.size, entries: 0, content: contentOf(source, found.size) },
      [Symbol.asyncDispose]: async () => undefined,
    };
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
    ...{ path, bytes: size, entries: files.length, content: contentOf(path, size) },
    [Symbol.asyncDispose]: async () => rm(scratch, { recursive: true, force: true }),
  };
}

const contentOf = (path: string, size: number): UploadContent => ({
  size,
  chunks: () => createReadStream(path) as AsyncIterable<Uint8Array>,
});

/** An empty upload would tear the line down. */
export function requireContent(packed: Packed, source: string): Packed {
  if (packed.bytes > 0) return packed;
  throw new CommandError(
    `${source} is empty, and an empty upload is the order to tear the line down; use kedge teardown if that is meant.`,
  );
}

async function filesBelow(
  root: string,
): Promise<readonly { readonly name: string; readonly mode: number }[]> {
  const files: { name: string; mode: number }[] = [];
  for (const entry of await readdir(root, { recursive: true, withFileTypes: true })) {
    const name = relative(root, join(entry.parentPath, entry.name));
    if (name.split(/[\\/]/).some((segment) => left.has(segment))) continue;
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

/** Writes files into a folder, and never over existing ones unless it is forced to. */
import { mkdir, stat, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { CommandError } from "#bin/show/outcome.ts";

type File = { readonly path: string; readonly content: string };

/** Answers the paths of the written files. Writes none when one of them exists. */
export async function writeNewFiles(
  folder: string,
  files: readonly File[],
  { force }: { readonly force: boolean },
): Promise<readonly string[]> {
  const placed = files.map(({ path, content }) => ({ path: join(folder, path), content }));
  for (const { path } of placed) {
    const there = await stat(path).catch(() => undefined);
    if (there !== undefined && !force) throw new CommandError(`${path} is there; --force overwrites it.`);
  }
  for (const { path, content } of placed) {
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, content);
  }
  return placed.map(({ path }) => path);
}

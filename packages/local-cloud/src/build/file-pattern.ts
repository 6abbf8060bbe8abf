/** Finds the files of a build's result. Matches the file patterns of buildspecs and Commands actions: `dir/*`, `*.txt`, or a path. */
import { realpath } from "node:fs/promises";
import { matchesGlob, sep } from "node:path";

/** The name of a directory alone selects all files in it. */
const matchesPattern = (name: string, pattern: string): boolean => {
  const plain = pattern.replace(/^\.\//, "").replace(/\/$/, "");
  if (plain === "**/*" || plain === "**" || plain === ".") return true;
  return name === plain || name.startsWith(`${plain}/`) || matchesGlob(name, plain);
};

export const select = (
  names: readonly string[],
  patterns: readonly string[],
  excluded: readonly string[] = [],
): readonly string[] =>
  names.filter(
    (name) =>
      patterns.some((pattern) => matchesPattern(name, pattern)) &&
      !excluded.some((pattern) => matchesPattern(name, pattern)),
  );

/** True for a folder that lies inside `folder` after all links are followed. */
export async function isInside(folder: string, path: string): Promise<boolean> {
  const [outer, inner] = await Promise.all([realpath(folder), realpath(path).catch(() => "")]);
  return inner === outer || inner.startsWith(`${outer}${sep}`);
}

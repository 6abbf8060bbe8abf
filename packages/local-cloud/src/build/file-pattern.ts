/** Matches the file patterns of buildspecs and Commands actions: `dir/*`, `*.txt`, or a path. */
import { matchesGlob } from "node:path";

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

/** Finds exports that no other file imports. Knip spares types in the signature of a used export; this rule does not. */
import { posix } from "node:path";
import type { Violation } from "./check-table.ts";
import type { Source } from "./read-source.ts";
import { type PackageMaps, resolveImport } from "./resolve-import.ts";

/** Exports that Node, Lambda, Vitest or people who use the package alone import. */
const entries: readonly RegExp[] = [
  /^lambdas\/[^/]+\.ts$/,
  /^packages\/[^/]+\/src\/cloud\.ts$/,
  /^test\/support\/global-(estate|folder)\.ts$/,
  /^test\/support\/run-order\.ts$/,
];

/** The names that are imported of each file; `*` stands for all of them. */
type Taken = ReadonlyMap<string, ReadonlySet<string>>;

export function namesTaken(maps: readonly PackageMaps[], sources: ReadonlyMap<string, Source>): Taken {
  const taken = new Map<string, Set<string>>();
  for (const [file, { imports }] of sources)
    for (const { specifier, names } of imports) {
      const target = specifier === undefined ? undefined : resolveImport(maps, file, specifier);
      if (target?.kind !== "file") continue;
      const known = taken.get(target.path) ?? new Set();
      for (const name of names) known.add(name);
      taken.set(target.path, known);
    }
  return taken;
}

export function unusedExports(sources: ReadonlyMap<string, Source>, taken: Taken): Violation[] {
  return [...sources].flatMap(([file, { exports }]) => {
    const names = taken.get(file);
    if (names?.has("*") || entries.some((entry) => entry.test(file))) return [];
    return exports
      .filter(({ name }) => !names?.has(name))
      .map(({ name, line }) => ({
        file,
        line,
        rule: "unused export",
        message: `No file imports ${name}. Remove the word export, or the code if this file does not use it either.`,
      }));
  });
}

/** Entries of a package's exports map that no file outside the package imports, and that the list of public entries lacks. */
export function unusedEntries(
  maps: readonly PackageMaps[],
  sources: ReadonlyMap<string, Source>,
  publicEntries: readonly string[],
): Violation[] {
  const imported = new Set(
    [...sources.values()].flatMap(({ imports }) => imports.map(({ specifier }) => specifier)),
  );
  return maps.flatMap(({ name, folder, exports }) =>
    Object.keys(exports)
      .filter((entry) => !publicEntries.includes(entry) && !imported.has(posix.join(name, entry)))
      .map((entry) => ({
        file: `${folder}/package.json`,
        line: 1,
        rule: "unused entry",
        message: `No file outside the package imports ${entry}. Remove it from exports, or add it to publicEntries in test/rules/import-table.ts.`,
      })),
  );
}

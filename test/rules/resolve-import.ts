/** Turns what an import names (`#release/key.ts`, `./key.ts`, `@kedge/local-cloud`, `node:fs`) into a file of the repository or a package. */
import { posix } from "node:path";

type Imported =
  | { readonly kind: "file"; readonly path: string }
  | { readonly kind: "package"; readonly specifier: string }
  /** A name of our own that no `imports` or `exports` map lists. */
  | { readonly kind: "unknown"; readonly specifier: string };

/** The maps of one package.json: `folder` is "" for the product and `packages/local-cloud` for the embedded cloud. */
export interface PackageMaps {
  readonly name: string;
  readonly folder: string;
  readonly imports: Readonly<Record<string, string>>;
  readonly exports: Readonly<Record<string, string>>;
}

export const packageOf = (maps: readonly PackageMaps[], file: string): PackageMaps | undefined =>
  maps.find(({ folder }) => folder !== "" && file.startsWith(`${folder}/`)) ??
  maps.find(({ folder }) => folder === "");

/** What `specifier` means in `importer`, as Node would resolve it. No file is read. */
export function resolveImport(maps: readonly PackageMaps[], importer: string, specifier: string): Imported {
  if (specifier.startsWith("."))
    return { kind: "file", path: posix.join(posix.dirname(importer), specifier) };
  if (specifier.startsWith("/")) return { kind: "unknown", specifier };
  if (specifier.startsWith("#")) {
    const home = packageOf(maps, importer);
    const path = home && lookUp(home.imports, specifier);
    return path === undefined || home === undefined
      ? { kind: "unknown", specifier }
      : { kind: "file", path: posix.join(home.folder, path) };
  }
  const owner = maps.find(({ name }) => specifier === name || specifier.startsWith(`${name}/`));
  if (owner === undefined) return { kind: "package", specifier };
  const path = lookUp(owner.exports, `.${specifier.slice(owner.name.length)}`);
  return path === undefined
    ? { kind: "unknown", specifier }
    : { kind: "file", path: posix.join(owner.folder, path) };
}

function lookUp(map: Readonly<Record<string, string>>, key: string): string | undefined {
  if (map[key] !== undefined) return map[key];
  for (const [pattern, target] of Object.entries(map)) {
    const [before = "", after] = pattern.split("*");
    if (after !== undefined && key.startsWith(before) && key.endsWith(after))
      return target.replace("*", key.slice(before.length, key.length - after.length));
  }
  return undefined;
}

/** Reads the checkout: which TypeScript files there are, and the maps of each package.json. */
import { readdirSync, readFileSync } from "node:fs";
import { posix } from "node:path";
import type { PackageMaps } from "./resolve-import.ts";

const skipped = new Set(["node_modules", "cdk.out", "dist", ".git"]);
const roots = [
  "anchor-stack",
  "bench",
  "bin",
  "lambdas",
  "lib",
  "packages",
  "release-templates",
  "test",
] as const;

/** The paths of all TypeScript files, relative to `root`. */
export function sourceFiles(root: string): string[] {
  const below = (folder: string): string[] =>
    readdirSync(posix.join(root, folder), { withFileTypes: true }).flatMap((entry) => {
      const path = `${folder}/${entry.name}`;
      if (entry.isDirectory()) return skipped.has(entry.name) ? [] : below(path);
      return entry.name.endsWith(".ts") ? [path] : [];
    });
  return roots.flatMap(below).sort();
}

export const readText = (root: string, file: string): string => readFileSync(posix.join(root, file), "utf8");

/** The maps of the product and of each workspace package. */
export function packageMaps(root: string): PackageMaps[] {
  const folders = readdirSync(posix.join(root, "packages")).map((name) => `packages/${name}`);
  return ["", ...folders].map((folder) => {
    const { name, imports, exports } = JSON.parse(
      readText(root, posix.join(folder, "package.json")),
    ) as Partial<PackageMaps>;
    return { name: name ?? "", folder, imports: imports ?? {}, exports: exports ?? {} };
  });
}

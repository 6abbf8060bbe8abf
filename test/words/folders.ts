/**
 * Decides which folder a file is counted in. Each folder has counts and ceilings of its own. The folders come from the
 * import table, so a new folder of the repository needs no change here.
 */
import { rows } from "#test/rules/import-table.ts";

/** The table has finer rows (`lib/release/zip`). A ceiling covers a folder of `lib`, of a package, or of the root. */
const counted = /^(?:lib\/[^/]+|packages\/[^/]+\/[^/]+|[^/]+)/;

/** These folders are large, and count for themselves although the import table has one row for `test`. */
const withinTest = ["test/fuzz", "test/simulation"];

export const folders: readonly string[] = [
  ...new Set([...rows.map(({ folder }) => counted.exec(folder)?.[0] ?? folder), ...withinTest]),
];

/** The row of Markdown files, wherever they are. */
export const docs = "docs";

/** The row of files outside of every listed folder. */
export const other = "other";

const byLongestPath = folders.toSorted((a, b) => b.length - a.length);

export function folderOf(file: string): string {
  if (file.endsWith(".md")) return docs;
  return byLongestPath.find((folder) => file.startsWith(`${folder}/`)) ?? other;
}

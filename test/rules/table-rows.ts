/** Finds the row of the import table that owns a file, and reads what the row allows. */
import type { Row } from "./import-table.ts";

/** A row, and the folder of the file that it stands for. */
export interface Owner {
  readonly row: Row;
  readonly folder: string;
}

/** The row with the longest folder wins. */
export function ownerOf(table: readonly Row[], file: string): Owner | undefined {
  let best: Owner | undefined;
  for (const row of table) {
    const folder = matched(row.folder, file);
    const longer = folder !== undefined && folder.length >= (best?.folder.length ?? 0);
    if (longer && !(best !== undefined && folder === best.folder && row.folder.endsWith("*")))
      best = { row, folder };
  }
  return best;
}

function matched(pattern: string, file: string): string | undefined {
  if (!pattern.endsWith("/*")) return file.startsWith(`${pattern}/`) ? pattern : undefined;
  const base = pattern.slice(0, -1);
  const end = file.startsWith(base) ? file.indexOf("/", base.length) : -1;
  return end < 0 ? undefined : file.slice(0, end);
}

export function mayImport(table: readonly Row[], { folder, row }: Owner, path: string): boolean {
  if (row.may.includes("**") || ownerOf(table, path)?.folder === folder) return true;
  return row.may.some((entry) => path === entry || path.startsWith(`${entry}/`));
}

/** Returns whether an entry of `packages` covers an import of `names` from `specifier`. */
export function packageFits(entry: string, specifier: string, names: readonly string[]): boolean {
  const [module = "", only] = entry.split("#");
  if (only !== undefined)
    return specifier === module && names.every((name) => only.split(",").includes(name));
  if (entry === "**") return true;
  if (entry === "node:*") return specifier.startsWith("node:");
  if (module.endsWith("*")) return specifier.startsWith(module.slice(0, -1));
  return specifier === module || (!module.startsWith("node:") && specifier.startsWith(`${module}/`));
}

export const nameTaken = (specifier: string, names: readonly string[]): string =>
  specifier.startsWith("node:") && names.length > 0 ? `${specifier}#${names.join(",")}` : specifier;

/** Lists the folders and packages that a file of the row may import. */
export function listOf(row: Row): string {
  const all = ["itself", ...row.may, ...(row.packages ?? [])];
  return all.length === 1 ? "itself only" : all.join(", ");
}

/** Writes the import table as ARCHITECTURE.md shows it. */
import { denied } from "./check-table.ts";
import { remedies } from "./globals.ts";
import type { Row } from "./import-table.ts";

const begin =
  "<!-- The import table: `npm run rules -- --write` writes it from test/rules/import-table.ts. -->";
const end = "<!-- The end of the import table. -->";

const code = (text: string): string => `\`${text}\``;
const listed = (entries: readonly string[]): string =>
  entries.includes("**") ? "anything" : entries.map(shortened).map(code).join(", ");
const shortened = (entry: string): string => entry.replace("packages/local-cloud/src", "cloud");

/** The order of the core is shown by its rows, so each of them only refers to the ones above it. */
const folders = (row: Row): string =>
  row.folder.startsWith("lib/release/") && row.may.length > 1 ? "the folders above" : listed(row.may);

function line(row: Row): string {
  const { folder, may, packages = [] } = row;
  const more = [may.length > 0 && folders(row), packages.length > 0 && listed(packages)].filter(Boolean);
  const imports = ["itself", ...new Set(more)].join("; ");
  const effects = denied(row);
  const hasNo = effects.length === Object.keys(remedies).length ? "effect" : effects.join(", ");
  return `| ${code(shortened(folder))} | ${imports} | ${hasNo} |`;
}

const describeTable = (rows: readonly Row[]): string =>
  ["| folder | may import | has no |", "|---|---|---|", ...rows.map(line)].join("\n");

/** `document` with the table between its two marks. */
export function withTable(document: string, rows: readonly Row[]): string {
  const [before, rest = ""] = document.split(begin);
  const after = rest.split(end)[1];
  if (after === undefined) throw new Error(`ARCHITECTURE.md has lost a mark of the import table: ${begin}`);
  return `${before}${begin}\n\n${describeTable(rows)}\n\n${end}${after}`;
}

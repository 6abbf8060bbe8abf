/** Compares what the files import and do with the import table. */
import { type Effect, remedies } from "./globals.ts";
import { type Exception, exceptions, type Row, rows } from "./import-table.ts";
import { readSource, type Source } from "./read-source.ts";
import { type PackageMaps, packageOf, resolveImport } from "./resolve-import.ts";

/** A broken rule: where, which rule, and what to do. */
export interface Violation {
  readonly file: string;
  readonly line: number;
  readonly rule: string;
  readonly message: string;
}

/** A file of the repository that another one imports. */
export interface Edge {
  readonly from: string;
  readonly to: string;
  readonly line: number;
}

/** What one run of the checker goes by. A test takes rules away, and gives rows or exceptions of its own. */
export interface Rules {
  readonly rows: readonly Row[];
  readonly exceptions: readonly Exception[];
  readonly maps: readonly PackageMaps[];
  /** The ids of rules that are not checked. */
  readonly without?: readonly string[];
}

export const productRules = (maps: readonly PackageMaps[]): Rules => ({ rows, exceptions, maps });

interface Checked {
  readonly violations: readonly Violation[];
  readonly edges: readonly Edge[];
  readonly used: readonly Exception[];
}

const effects = Object.keys(remedies) as Effect[];

/** The effects that a row denies. */
export const denied = (row: Row): readonly Effect[] =>
  row.effects === undefined ? [] : effects.filter((effect) => !row.effects?.includes(effect));

/** The ids of all rules about single files: one for a row's imports, and one for each effect that it denies. */
export const ruleIds = (table: readonly Row[]): string[] => [
  "folder",
  "parent path",
  "package door",
  "computed import",
  ...table.flatMap((row) => [
    `imports ${row.folder}`,
    ...denied(row).map((effect) => `${effect} ${row.folder}`),
  ]),
];

/** The row that owns `file` and the folder it stands for; the row with the longest folder wins. */
function ownerOf(table: readonly Row[], file: string): { row: Row; folder: string } | undefined {
  let best: { row: Row; folder: string } | undefined;
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

/** Checks one file. `text` may differ from the file on disk. */
export const checkFile = (rules: Rules, file: string, text: string): Checked =>
  checkSource(rules, file, readSource(file, text));

export function checkSource(rules: Rules, file: string, source: Source): Checked {
  const violations: Violation[] = [];
  const edges: Edge[] = [];
  const used: Exception[] = [];
  const found = (line: number, rule: string, needs: string, message: string): void => {
    const exception = rules.exceptions.find((one) => one.file === file && one.needs === needs);
    if (exception !== undefined) used.push(exception);
    else if (!rules.without?.includes(rule)) violations.push({ file, line, rule, message });
  };
  const owner = ownerOf(rules.rows, file);
  if (owner === undefined)
    found(
      1,
      "folder",
      "folder",
      "No row of the import table owns this file. Add its folder to test/rules/import-table.ts.",
    );

  for (const { specifier, names, line } of source.imports) {
    if (specifier === undefined) {
      found(
        line,
        "computed import",
        "computed",
        "The name of an import is computed, so no rule can read it. Write the name, or list an exception.",
      );
      continue;
    }
    if (/(^|\/)\.\.(\/|$)/.test(specifier))
      found(
        line,
        "parent path",
        specifier,
        `${specifier} climbs to a parent folder. Name the folder: #release/names/key.ts.`,
      );
    const target = resolveImport(rules.maps, file, specifier);
    if (target.kind === "unknown") {
      found(
        line,
        "package door",
        specifier,
        `No imports or exports map lists ${specifier}. Import a listed module, or add it to package.json.`,
      );
      continue;
    }
    if (target.kind === "file") {
      edges.push({ from: file, to: target.path, line });
      const door = packageOf(rules.maps, target.path);
      if (
        door !== packageOf(rules.maps, file) &&
        !(door !== undefined && door.folder !== "" && specifier.startsWith(door.name))
      )
        found(line, "package door", target.path, doorMessage(target.path, door));
    }
    if (owner === undefined) continue;
    const { row, folder } = owner;
    const allowed =
      target.kind === "file"
        ? mayImport(rules.rows, folder, row, target.path)
        : (row.packages ?? []).some((entry) => packageFits(entry, target.specifier, names));
    const what = target.kind === "file" ? target.path : nameTaken(target.specifier, names);
    if (!allowed)
      found(
        line,
        `imports ${row.folder}`,
        what,
        `imports ${what}. ${folder} may import ${listOf(row)}. ${row.remedy}`,
      );
  }

  const seen = new Set<string>();
  for (const { effect, name, line } of source.globals) {
    if (owner === undefined || !denied(owner.row).includes(effect)) continue;
    if (seen.has(`${effect} ${name} ${line}`)) continue;
    seen.add(`${effect} ${name} ${line}`);
    found(
      line,
      `${effect} ${owner.row.folder}`,
      effect,
      `uses ${name}. ${owner.folder} has no ${effect}. ${remedies[effect]}`,
    );
  }
  return { violations, edges, used };
}

const doorMessage = (path: string, door: PackageMaps | undefined): string =>
  door === undefined || door.folder === ""
    ? `imports ${path}, a file of the product. The embedded cloud knows AWS and no release: hand it over as an argument.`
    : `imports ${path} past the package's exports. Import it as ${door.name}/…, and list it in ${door.folder}/package.json.`;

function mayImport(table: readonly Row[], folder: string, row: Row, path: string): boolean {
  if (row.may.includes("**") || ownerOf(table, path)?.folder === folder) return true;
  return row.may.some((entry) => path === entry || path.startsWith(`${entry}/`));
}

/** Whether one entry of `packages` covers an import of `names` from `specifier`. */
function packageFits(entry: string, specifier: string, names: readonly string[]): boolean {
  const [module = "", only] = entry.split("#");
  if (only !== undefined)
    return specifier === module && names.every((name) => only.split(",").includes(name));
  if (entry === "**") return true;
  if (entry === "node:*") return specifier.startsWith("node:");
  if (module.endsWith("*")) return specifier.startsWith(module.slice(0, -1));
  return specifier === module || (!module.startsWith("node:") && specifier.startsWith(`${module}/`));
}

const nameTaken = (specifier: string, names: readonly string[]): string =>
  specifier.startsWith("node:") && names.length > 0 ? `${specifier}#${names.join(",")}` : specifier;

function listOf(row: Row): string {
  const all = ["itself", ...row.may, ...(row.packages ?? [])];
  return all.length === 1 ? "itself only" : all.join(", ");
}

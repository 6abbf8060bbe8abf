/** Compares what the files import and do with the import table. */
import { checkImport, type Finding } from "./check-import.ts";
import { type Effect, remedies } from "./globals.ts";
import { type Exception, exceptions, type Row, rows } from "./import-table.ts";
import { readSource, type Source } from "./read-source.ts";
import type { PackageMaps } from "./resolve-import.ts";
import { type Owner, ownerOf } from "./table-rows.ts";

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

/** Checks one file. `text` may differ from the file on disk. */
export const checkFile = (rules: Rules, file: string, text: string): Checked =>
  checkSource(rules, file, readSource(file, text));

export function checkSource(rules: Rules, file: string, source: Source): Checked {
  const violations: Violation[] = [];
  const edges: Edge[] = [];
  const used: Exception[] = [];
  const report = (line: number, { rule, needs, message }: Finding): void => {
    const exception = rules.exceptions.find((one) => one.file === file && one.needs === needs);
    if (exception !== undefined) used.push(exception);
    else if (!rules.without?.includes(rule)) violations.push({ file, line, rule, message });
  };
  const { rows, maps } = rules;
  const owner = ownerOf(rows, file);
  if (owner === undefined) report(1, noOwner);
  for (const each of source.imports) {
    const { findings, path } = checkImport({ rows, maps, file, owner }, each);
    if (path !== undefined) edges.push({ from: file, to: path, line: each.line });
    for (const finding of findings) report(each.line, finding);
  }
  if (owner !== undefined)
    for (const { line, ...finding } of checkGlobals(owner, source)) report(line, finding);
  return { violations, edges, used };
}

const noOwner: Finding = {
  rule: "folder",
  needs: "folder",
  message: "No row of the import table owns this file. Add its folder to test/rules/import-table.ts.",
};

/** Finds the uses of globals whose effect the row denies. Equal uses on a line are found once. */
function checkGlobals(
  { row, folder }: Owner,
  { globals }: Source,
): readonly (Finding & { readonly line: number })[] {
  const uses = globals.filter(({ effect }) => denied(row).includes(effect));
  const distinct = new Map(uses.map((use) => [`${use.effect} ${use.name} ${use.line}`, use]));
  return [...distinct.values()].map(({ effect, name, line }) => ({
    line,
    rule: `${effect} ${row.folder}`,
    needs: effect,
    message: `uses ${name}. ${folder} has no ${effect}. ${remedies[effect]}`,
  }));
}

/** Writes the report of `npm run words`: one table, then each count that rose, with its offenders. */
import type { Ceilings, Rise } from "./ceilings.ts";
import { docs } from "./folders.ts";
import type { Counts, Offender, Report } from "./measure.ts";

const columns = ["folder", "comments", "indefinite", "%", "mentions %", "titles", "fragments", "%", "banned"];

export function tableText({ counts }: Report, ceilings: Ceilings = {}): string {
  const used = [...counts].filter(([, count]) => count.comments + count.titles > 0);
  const code = used.filter(([folder]) => folder !== docs).map(([, count]) => count);
  const rows = [
    columns,
    ...used.map(([folder, count]) => cells(folder, count, ceilings[folder])),
    cells("all code", code.reduce(added)),
  ];
  const widths = columns.map((_, at) => Math.max(...rows.map((row) => row[at]?.length ?? 0)));
  const pad = (cell: string, at: number): string =>
    at === 0 ? cell.padEnd(widths[at] ?? 0) : cell.padStart(widths[at] ?? 0);
  return rows.map((row) => row.map(pad).join("  ")).join("\n");
}

/** A count below its ceiling shows both, as in `12 (of 15)`. */
function cells(folder: string, count: Counts, ceiling?: Ceilings[string]): readonly string[] {
  const of = (kind: "indefinite" | "fragments" | "banned"): string =>
    ceiling === undefined || ceiling[kind] === count[kind]
      ? String(count[kind])
      : `${count[kind]} (of ${ceiling[kind]})`;
  return [
    folder,
    String(count.comments),
    of("indefinite"),
    percent(count.indefinite, count.comments),
    percent(count.mentions, count.comments),
    String(count.titles),
    of("fragments"),
    percent(count.fragments, count.titles),
    of("banned"),
  ];
}

const percent = (count: number, whole: number): string =>
  whole === 0 ? "-" : ((100 * count) / whole).toFixed(0);

const added = (a: Counts, b: Counts): Counts => ({
  comments: a.comments + b.comments,
  indefinite: a.indefinite + b.indefinite,
  mentions: a.mentions + b.mentions,
  titles: a.titles + b.titles,
  fragments: a.fragments + b.fragments,
  banned: a.banned + b.banned,
});

export const offenderText = ({ path, line, kind, text }: Offender): string =>
  `${path}:${line} ${kind}: ${text}`;

const shown = 40;

/** Lists offenders in changed files first, because the new one is most likely there. */
export function riseText(
  { folder, kind, count, ceiling }: Rise,
  offenders: readonly Offender[],
  changed: ReadonlySet<string>,
): string {
  const own = offenders.filter((each) => each.folder === folder && each.kind === kind);
  const fresh = own.filter(({ path }) => changed.has(path));
  const listed = (fresh.length > 0 ? fresh : own).slice(0, shown);
  return [
    `${folder} has ${count} ${kind}; its ceiling is ${ceiling}. Rewrite ${count - ceiling} of these:`,
    ...listed.map((each) => `  ${offenderText(each)}`),
    `  The whole list: npm run words -- --list ${folder} --kind ${kind}`,
  ].join("\n");
}

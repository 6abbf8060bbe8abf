/** Prints findings as plain text: tables with aligned columns, and claims with the observed values. */
import type { Cell, Claim, Findings, Table } from "./measurement.ts";

export const drawFindings = ({ tables, claims }: Findings): string =>
  [...tables.map(drawTable), claims.map(drawClaim).join("\n")].join("\n\n");

function drawTable({ title, rows }: Table): string {
  const columns = Object.keys(rows[0] ?? {});
  const lines = [columns, ...rows.map((row) => columns.map((column) => drawCell(row[column] ?? "")))];
  const widths = columns.map((_, index) => Math.max(...lines.map((line) => line[index]?.length ?? 0)));
  const drawn = lines.map((line) =>
    line.map((text, index) =>
      index === 0 ? text.padEnd(widths[index] ?? 0) : text.padStart(widths[index] ?? 0),
    ),
  );
  const rule = widths.map((width) => "-".repeat(width));
  const [head = [], ...body] = drawn;
  return [title, "", ...[head, rule, ...body].map((line) => `  ${line.join("  ")}`)].join("\n");
}

function drawCell(cell: Cell): string {
  if (typeof cell === "string") return cell;
  if (typeof cell === "number") return figure(cell);
  const { median, min, max, unit } = cell;
  return `${figure(median)} (${figure(min)}..${figure(max)}) ${unit}`;
}

/** Formats with three significant digits. */
const figure = (value: number): string => {
  if (Number.isInteger(value)) return String(value);
  const decimals = Math.abs(value) >= 100 ? 0 : Math.abs(value) >= 10 ? 1 : 2;
  return value.toFixed(decimals);
};

const drawClaim = ({ claim, seen, holds }: Claim): string => `  ${holds ? "✔" : "✘"} ${claim}: ${seen}`;

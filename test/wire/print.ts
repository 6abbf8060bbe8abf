/**
 * Prints a form as JSON and compares it with its file in `recorded/`. `npx vitest run test/wire -u` records all forms
 * again, for a form that changes on purpose; the commit then shows the difference.
 */
import { expect } from "vitest";

/** The linter formats the recorded files too, so the printer follows its rules. */
const lineWidth = 110;

export const expectRecorded = async (form: unknown, name: string): Promise<void> =>
  await expect(`${printed(form)}\n`).toMatchFileSnapshot(`recorded/${name}.json`);

/** A value that fits stands on one line: the files are short, and their differences readable. */
function printed(value: unknown): string {
  return print(value, 0, 0, 0);
}

/** `before` and `after` count the characters that share the value's first and last line. */
function print(value: unknown, depth: number, before: number, after: number): string {
  const short = flat(value);
  if (before + short.length + after <= lineWidth || !isComposite(value)) return short;
  const inner = "  ".repeat(depth + 1);
  const items = Array.isArray(value)
    ? value.map((item) => ["", item] as const)
    : Object.entries(value).map(([key, item]) => [`${JSON.stringify(key)}: `, item] as const);
  const lines = items.map(([prefix, item], index) => {
    const comma = index === items.length - 1 ? 0 : 1;
    return inner + prefix + print(item, depth + 1, inner.length + prefix.length, comma);
  });
  const [open, close] = Array.isArray(value) ? ["[", "]"] : ["{", "}"];
  return `${open}\n${lines.join(",\n")}\n${"  ".repeat(depth)}${close}`;
}

function flat(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(flat).join(", ")}]`;
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  const fields = Object.entries(value).map(([key, item]) => `${JSON.stringify(key)}: ${flat(item)}`);
  return fields.length === 0 ? "{}" : `{ ${fields.join(", ")} }`;
}

const isComposite = (value: unknown): value is object => typeof value === "object" && value !== null;

/**
 * Parses CloudWatch Logs filter patterns and matches lines against them: terms, "exact phrases", ?any and
 * -none, %regular expressions%, and `{ $.field = value }` for JSON lines.
 */
import { invalid } from "./find-group.ts";

type Filter =
  | {
      readonly kind: "terms";
      readonly all: readonly Term[];
      readonly any: readonly Term[];
      readonly none: readonly Term[];
    }
  | { readonly kind: "json"; readonly test: (record: unknown) => boolean };
type Term = (text: string) => boolean;

export function parseFilter(pattern: string): Filter {
  const text = pattern.trim();
  if (text.startsWith("{")) {
    if (!text.endsWith("}")) throw invalid("Invalid filter pattern");
    return { kind: "json", test: anyOf(text.slice(1, -1).trim()) };
  }
  const groups: Record<"all" | "any" | "none", Term[]> = { all: [], any: [], none: [] };
  for (const [, sign = "", phrase, regex, word = ""] of text.matchAll(
    /([?-]?)(?:"((?:[^"\\]|\\.)*)"|%([^%]*)%|(\S+))/g,
  )) {
    const term = termOf(phrase?.replace(/\\(.)/g, "$1") ?? word, regex);
    groups[sign === "?" ? "any" : sign === "-" ? "none" : "all"].push(term);
  }
  return { kind: "terms", ...groups };
}

function termOf(word: string, regex: string | undefined): Term {
  if (regex === undefined) return (text) => text.includes(word);
  try {
    const expression = new RegExp(regex);
    return (text) => expression.test(text);
  } catch {
    throw invalid("Invalid filter pattern");
  }
}

export function matchesFilter(filter: Filter, message: string): boolean {
  if (filter.kind === "terms")
    return (
      filter.all.every((term) => term(message)) &&
      (filter.any.length === 0 || filter.any.some((term) => term(message))) &&
      !filter.none.some((term) => term(message))
    );
  try {
    return filter.test(JSON.parse(message));
  } catch {
    return false;
  }
}

type Test = (record: unknown) => boolean;

function anyOf(text: string): Test {
  const parts = split(text, "||").map(allOf);
  return (record) => parts.some((part) => part(record));
}

function allOf(text: string): Test {
  const parts = split(text, "&&").map(compare);
  return (record) => parts.every((part) => part(record));
}

/** Splits the text at `operator` outside of quotes and parentheses. */
function split(text: string, operator: string): readonly string[] {
  const parts: string[] = [];
  let depth = 0;
  let quoted = false;
  let start = 0;
  for (let at = 0; at < text.length; at += 1) {
    const char = text[at];
    if (char === '"') quoted = !quoted;
    else if (!quoted && char === "(") depth += 1;
    else if (!quoted && char === ")") depth -= 1;
    else if (!quoted && depth === 0 && text.startsWith(operator, at)) {
      parts.push(text.slice(start, at));
      start = at + operator.length;
    }
  }
  return [...parts, text.slice(start)].map((part) => part.trim());
}

function compare(text: string): Test {
  if (text.startsWith("(") && text.endsWith(")")) return anyOf(text.slice(1, -1).trim());
  const match =
    /^\$((?:\.[\w-]+|\[\d+\])+)\s*(?:(=|!=|<=|>=|<|>)\s*(.+)|IS (TRUE|FALSE|NULL)|(NOT EXISTS))$/s.exec(text);
  if (match === null) throw invalid("Invalid filter pattern");
  const [, path = "", operator, right = "", is, missing] = match;
  const keys = [...path.matchAll(/\.([\w-]+)|\[(\d+)\]/g)].map((part) => part[1] ?? part[2] ?? "");
  const read = (record: unknown): unknown =>
    keys.reduce<unknown>(
      (value, key) => (value as Record<string, unknown> | null | undefined)?.[key],
      record,
    );
  if (missing !== undefined) return (record) => read(record) === undefined;
  if (is !== undefined) return (record) => read(record) === { TRUE: true, FALSE: false, NULL: null }[is];
  const wanted = /^"(.*)"$/s.exec(right.trim())?.[1] ?? right.trim();
  const glob = new RegExp(
    `^${wanted
      .split("*")
      .map((part) => part.replace(/[.+?^${}()|[\]\\]/g, "\\$&"))
      .join(".*")}$`,
    "s",
  );
  return (record) => {
    const value = read(record);
    if (value === undefined || value === null) return operator === "!=";
    const number = Number(value);
    switch (operator) {
      case "=":
        return glob.test(String(value));
      case "!=":
        return !glob.test(String(value));
      case "<":
        return number < Number(wanted);
      case "<=":
        return number <= Number(wanted);
      case ">":
        return number > Number(wanted);
      default:
        return number >= Number(wanted);
    }
  };
}

/**
 * Parses one file and gives its comments and its syntax tree.
 * The parser is oxc-parser. It gives comments, reads the newest TypeScript, and knip already brings the same version.
 * @babel/parser is as quick here but would be one more package. TypeScript 7 has no parser API.
 */
import { type Program, parseSync, type Span } from "oxc-parser";

/** A comment without its delimiters, with the line it begins on. */
type Comment = { readonly text: string; readonly line: number };

/** `program` is decoded when it is first read, which costs more than the parsing. `code` is the source without comments. */
export type ParsedFile = {
  readonly path: string;
  readonly program: Program;
  readonly code: string;
  readonly comments: readonly Comment[];
  readonly lineAt: (offset: number) => number;
};

export function parseFile(path: string, source: string): ParsedFile {
  const parsed = parseSync(path, source);
  const { comments } = parsed;
  const [error] = parsed.errors;
  if (error !== undefined) throw new SyntaxError(`${path}: ${error.message}`);
  const lineAt = lineFinder(source);
  const merged: { text: string; kind: string; start: number; end: number }[] = [];
  for (const { type, value, start, end } of comments) {
    const previous = merged.at(-1);
    const text = type === "Block" ? value.replace(/^[ \t]*\*+/gm, "") : value;
    const continues =
      type === "Line" && previous?.kind === "Line" && /^\s*$/.test(source.slice(previous.end, start));
    if (continues && lineAt(start) === lineAt(previous.end) + 1) {
      previous.text += `\n${text}`;
      previous.end = end;
    } else merged.push({ text, kind: type, start, end });
  }
  return {
    path,
    get program() {
      return parsed.program;
    },
    code: withoutComments(source, comments),
    lineAt,
    comments: merged
      .map(({ text, start }) => ({ text: withoutDirective(text), line: lineAt(start) }))
      .filter(({ text }) => text !== ""),
  };
}

function withoutComments(source: string, comments: readonly Span[]): string {
  const starts = [0, ...comments.map(({ end }) => end)];
  return starts.map((start, at) => source.slice(start, comments[at]?.start)).join(" ");
}

/** The reason of a lint exception is language and counts. The directive before it is syntax and does not. */
const withoutDirective = (text: string): string =>
  text.replace(/^\s*(?:biome-ignore[^:\n]*:?|@ts-[a-z-]+|[#@]__PURE__)[ \t]*/gm, "").trim();

function lineFinder(source: string): (offset: number) => number {
  const starts = [0];
  for (let at = source.indexOf("\n"); at >= 0; at = source.indexOf("\n", at + 1)) starts.push(at + 1);
  return (offset) => {
    let [low, high] = [0, starts.length];
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      if ((starts[middle] ?? 0) <= offset) low = middle;
      else high = middle;
    }
    return low + 1;
  };
}

/** Splits a file in HCL into tokens: words, strings, signs and line ends, without blanks and comments. */
import { ReleaseError } from "#release/errors/errors.ts";

export type Token = {
  readonly kind: "word" | "string" | "sign" | "newline";
  /** A string has its quotes; a heredoc is a string, too. */
  readonly text: string;
  readonly line: number;
};

const blank = /[ \t\r\uFEFF]+|(?:#|\/\/)[^\n]*|\/\*[\s\S]*?\*\//y;
const wordPattern = /[\p{ID_Start}_][\p{ID_Continue}-]*/uy;
const numberPattern = /\d[\w.]*/y;
const heredocPattern = /<<-?([\p{ID_Start}_][\p{ID_Continue}-]*)[ \t\r]*\n/uy;

const matchAt = (pattern: RegExp, text: string, at: number): RegExpExecArray | null => {
  pattern.lastIndex = at;
  return pattern.exec(text);
};

/** Throws `ArtifactUnfit` for a string, a heredoc or a comment without an end. */
export function tokensOf(text: string, path: string): readonly Token[] {
  const tokens: Token[] = [];
  let at = 0;
  let line = 1;
  const take = (kind: Token["kind"], end: number): void => {
    const taken = text.slice(at, end);
    tokens.push({ kind, text: taken, line });
    line += taken.split("\n").length - 1;
    at = end;
  };
  while (at < text.length) {
    const skipped = matchAt(blank, text, at);
    if (skipped !== null) {
      line += skipped[0].split("\n").length - 1;
      at += skipped[0].length;
      continue;
    }
    const heredoc = matchAt(heredocPattern, text, at);
    const found = matchAt(wordPattern, text, at) ?? matchAt(numberPattern, text, at);
    if (text[at] === "\n") take("newline", at + 1);
    else if (text[at] === '"') take("string", endOf(stringEnd(text, at), path, line));
    else if (heredoc !== null) take("string", endOf(heredocEnd(text, at, heredoc), path, line));
    else if (text.startsWith("/*", at)) throw unreadable(path, line, "a comment has no end");
    else if (found !== null) take(/\d/.test(text[at] ?? "") ? "sign" : "word", at + found[0].length);
    else take("sign", at + 1);
  }
  return tokens;
}

const unreadable = (path: string, line: number, seen: string): ReleaseError =>
  new ReleaseError("ArtifactUnfit", `${path} cannot be read: ${seen} on line ${line}.`);

function endOf(end: number | undefined, path: string, line: number): number {
  if (end !== undefined) return end;
  throw unreadable(path, line, "a text has no end");
}

/** `at` is that of the first quote. A template within `${}` may hold strings of its own. */
function stringEnd(text: string, at: number): number | undefined {
  for (let next = at + 1; next < text.length; next += 1) {
    const sign = text[next];
    if (sign === "\\") next += 1;
    else if (sign === "\n") return undefined;
    else if (sign === '"') return next + 1;
    else if (beginsTemplate(text, next)) {
      const end = templateEnd(text, next + 2);
      if (end === undefined) return undefined;
      next = end - 1;
    } else if (isEscaped(text, next)) next += 2;
  }
  return undefined;
}

/** The end is the first line with the marker alone, outside of templates. */
function heredocEnd(text: string, at: number, [begin, marker]: RegExpExecArray): number | undefined {
  let lineBegins = true;
  for (let next = at + begin.length; next < text.length; next += 1) {
    if (lineBegins) {
      const end = text.indexOf("\n", next);
      const last = end === -1 ? text.length : end;
      if (text.slice(next, last).trim() === marker) return last;
    }
    lineBegins = text[next] === "\n";
    if (isEscaped(text, next)) next += 2;
    else if (beginsTemplate(text, next)) {
      const end = templateEnd(text, next + 2);
      if (end === undefined) return undefined;
      next = end - 1;
    }
  }
  return undefined;
}

/** `$${` and `%%{` stand for a plain `${` and `%{`. */
const isEscaped = (text: string, at: number): boolean => /^(\$\$|%%)\{$/.test(text.slice(at, at + 3));
const beginsTemplate = (text: string, at: number): boolean => /^[$%]\{$/.test(text.slice(at, at + 2));

/** `at` is that of the first sign within the braces. */
function templateEnd(text: string, at: number): number | undefined {
  let depth = 1;
  for (let next = at; next < text.length; next += 1) {
    const sign = text[next];
    const comment = matchAt(blank, text, next);
    const heredoc = matchAt(heredocPattern, text, next);
    if (sign === '"' || heredoc !== null) {
      const end = heredoc === null ? stringEnd(text, next) : heredocEnd(text, next, heredoc);
      if (end === undefined) return undefined;
      next = end - 1;
    } else if (comment !== null) next += comment[0].length - 1;
    else if (sign === "{") depth += 1;
    else if (sign === "}") {
      depth -= 1;
      if (depth === 0) return next + 1;
    }
  }
  return undefined;
}

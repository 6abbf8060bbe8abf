/** Skips expressions, quoted texts and heredocs in an HCL text. */
import { type Cursor, fail, matchAt, skipBlanks } from "./hcl-cursor.ts";

const opening = "([{";
const closing = ")]}";

/** Skips a quoted text, whose `${…}` may hold quotes of its own. */
export function skipQuoted(cursor: Cursor): void {
  const { text } = cursor;
  const start = cursor.at;
  for (cursor.at += 1; cursor.at < text.length; cursor.at += 1) {
    const sign = text[cursor.at];
    if (sign === "\\") cursor.at += 1;
    else if (sign === "\n") break;
    else if (sign === '"') {
      cursor.at += 1;
      return;
    } else if (
      (sign === "$" || sign === "%") &&
      text[cursor.at + 1] === "{" &&
      text[cursor.at - 1] !== sign
    ) {
      cursor.at += 2;
      skipExpression(cursor, "}");
    }
  }
  throw fail(cursor, "Invalid multi-line string: this quoted text has no end on its line.", start);
}

/** Skips a heredoc. Returns false when the cursor is not at one. */
function skipHeredoc(cursor: Cursor): boolean {
  const found = matchAt(cursor, /<<-?([A-Za-z_][A-Za-z0-9_]*)[^\n]*\n/y);
  if (found === null) return false;
  const end = new RegExp(`^[ \\t]*${found[1]}[ \\t]*$`, "m");
  const rest = cursor.text.slice(cursor.at + found[0].length);
  const last = end.exec(rest);
  if (last === null) throw fail(cursor, `Unterminated template string: no line says ${found[1]}.`);
  cursor.at += found[0].length + last.index + last[0].length;
  return true;
}

/** Skips an expression: to the end of its line, or to `until` within brackets. */
export function skipExpression(cursor: Cursor, until?: string): void {
  const { text } = cursor;
  const start = cursor.at;
  const depth: string[] = [];
  while (cursor.at < text.length) {
    const sign = text[cursor.at] ?? "";
    if (sign === '"') {
      skipQuoted(cursor);
      continue;
    }
    if (sign === "<" && skipHeredoc(cursor)) continue;
    if (isComment(cursor)) {
      if (depth.length === 0 && until === undefined && sign !== "/") return;
      const before = cursor.at;
      skipBlanks(cursor, "line");
      if (cursor.at === before) cursor.at += 1;
      continue;
    }
    if (depth.length === 0 && (sign === until || (until === undefined && (sign === "\n" || sign === "}"))))
      return;
    if (opening.includes(sign)) depth.push(closing[opening.indexOf(sign)] ?? "");
    else if (closing.includes(sign) && depth.pop() !== sign) {
      throw fail(cursor, `Invalid expression: this ${sign} closes nothing.`);
    }
    cursor.at += 1;
  }
  if (depth.length > 0 || until !== undefined)
    throw fail(cursor, "Unclosed configuration: a bracket is not closed.", start);
}

const isComment = ({ text, at }: Cursor): boolean =>
  text[at] === "#" || text.startsWith("//", at) || text.startsWith("/*", at);

/**
 * Reads HCL as far as the recorded terraform needs it: blocks with their labels, and attributes as written.
 * It recognizes the kinds of expressions and never evaluates them.
 */
import { type Cursor, fail, lineOf, skipBlanks, takeWord } from "./hcl-cursor.ts";
import { skipExpression, skipQuoted } from "./hcl-expression.ts";

export type Body = {
  readonly attributes: Readonly<Record<string, string>>;
  readonly blocks: readonly Block[];
};

export type Block = Body & {
  readonly type: string;
  readonly labels: readonly string[];
  readonly line: number;
  /** The block's text as written between its braces. */
  readonly text: string;
};

export const parseHcl = (text: string, path: string): Body => readBody({ text, path, at: 0 }, undefined);

function readBody(cursor: Cursor, until: "}" | undefined): Body {
  const { text } = cursor;
  const attributes: Record<string, string> = {};
  const blocks: Block[] = [];
  for (;;) {
    skipBlanks(cursor, "body");
    if (cursor.at >= text.length || text[cursor.at] === until) break;
    const begin = cursor.at;
    const name = takeWord(cursor);
    if (name === undefined) throw fail(cursor, "Argument or block definition required.");
    skipBlanks(cursor, "line");
    if (text[cursor.at] !== "=" || text[cursor.at + 1] === "=") {
      blocks.push(readBlock(cursor, name, lineOf(cursor, begin)));
      continue;
    }
    const value = readAttribute(cursor);
    if (Object.hasOwn(attributes, name))
      throw fail(cursor, `Attribute redefined: ${name} was set before.`, begin);
    if (value === "") throw fail(cursor, `Invalid expression: ${name} has no value.`, begin);
    attributes[name] = value;
  }
  return { attributes, blocks };
}

/** Reads the expression after `=`, as written. */
function readAttribute(cursor: Cursor): string {
  cursor.at += 1;
  skipBlanks(cursor, "line");
  const from = cursor.at;
  skipExpression(cursor);
  return cursor.text.slice(from, cursor.at).trim();
}

function readBlock(cursor: Cursor, type: string, line: number): Block {
  const { text } = cursor;
  const labels = readLabels(cursor);
  if (text[cursor.at] !== "{")
    throw fail(cursor, `Invalid block definition: expected { after ${[type, ...labels].join(" ")}.`);
  cursor.at += 1;
  const from = cursor.at;
  const inner = readBody(cursor, "}");
  if (text[cursor.at] !== "}")
    throw fail(cursor, `Unclosed configuration block: ${type} is not closed.`, from);
  const written = text.slice(from, cursor.at);
  cursor.at += 1;
  return { type, labels, line, text: written, ...inner };
}

function readLabels(cursor: Cursor): readonly string[] {
  const labels: string[] = [];
  for (;;) {
    skipBlanks(cursor, "line");
    const from = cursor.at;
    if (cursor.text[from] === '"') {
      skipQuoted(cursor);
      labels.push(cursor.text.slice(from + 1, cursor.at - 1));
      continue;
    }
    const label = takeWord(cursor);
    if (label === undefined) return labels;
    labels.push(label);
  }
}

/** Returns the value of a literal, or undefined for any other expression. */
export function literal(expression: string | undefined): string | undefined {
  if (expression === undefined) return undefined;
  const text = /^"((?:[^"\\$%]|\\.|[$%](?!\{))*)"$/.exec(expression);
  if (text !== null) return (text[1] ?? "").replaceAll('\\"', '"').replaceAll("\\\\", "\\");
  return /^(true|false|-?\d+(\.\d+)?)$/.test(expression) ? expression : undefined;
}

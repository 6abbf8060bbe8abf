/**
 * Reads HCL as far as the recorded terraform needs it: blocks with their labels, and attributes as written.
 * It recognizes the kinds of expressions and never evaluates them.
 */

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

class HclError extends Error {
  override name = "HclError";
}

const opening = "([{";
const closing = ")]}";

export function parseHcl(text: string, path: string): Body {
  let at = 0;

  const lineOf = (offset: number): number => text.slice(0, offset).split("\n").length;
  const fail = (message: string, offset = at): HclError =>
    new HclError(`on ${path} line ${lineOf(offset)}: ${message}`);

  const skip = (blanks: RegExp): void => {
    for (;;) {
      blanks.lastIndex = at;
      const blank = blanks.exec(text)?.[0] ?? "";
      at += blank.length;
      const comment = /(?:#|\/\/)[^\n]*|\/\*[\s\S]*?\*\//y;
      comment.lastIndex = at;
      const found = comment.exec(text)?.[0];
      if (found === undefined) return;
      at += found.length;
    }
  };

  const word = (): string | undefined => {
    const pattern = /[A-Za-z_][A-Za-z0-9_-]*/y;
    pattern.lastIndex = at;
    const found = pattern.exec(text)?.[0];
    at += found?.length ?? 0;
    return found;
  };

  /** Skips a quoted text, whose `${…}` may hold quotes of its own. */
  const quoted = (): void => {
    const start = at;
    for (at += 1; at < text.length; at += 1) {
      const sign = text[at];
      if (sign === "\\") at += 1;
      else if (sign === "\n") break;
      else if (sign === '"') {
        at += 1;
        return;
      } else if ((sign === "$" || sign === "%") && text[at + 1] === "{" && text[at - 1] !== sign) {
        at += 2;
        expression("}");
      }
    }
    throw fail("Invalid multi-line string: this quoted text has no end on its line.", start);
  };

  const heredoc = (): boolean => {
    const begin = /<<-?([A-Za-z_][A-Za-z0-9_]*)[^\n]*\n/y;
    begin.lastIndex = at;
    const found = begin.exec(text);
    if (found === null) return false;
    const end = new RegExp(`^[ \\t]*${found[1]}[ \\t]*$`, "m");
    const rest = text.slice(at + found[0].length);
    const last = end.exec(rest);
    if (last === null) throw fail(`Unterminated template string: no line says ${found[1]}.`);
    at += found[0].length + last.index + last[0].length;
    return true;
  };

  /** Skips an expression: to the end of its line, or to `until` within brackets. */
  const expression = (until?: string): void => {
    const start = at;
    const depth: string[] = [];
    while (at < text.length) {
      const sign = text[at] ?? "";
      if (sign === '"') {
        quoted();
        continue;
      }
      if (sign === "<" && heredoc()) continue;
      if (sign === "#" || text.startsWith("//", at) || text.startsWith("/*", at)) {
        if (depth.length === 0 && until === undefined && sign !== "/") return;
        const before = at;
        skip(/[ \t\r]*/y);
        if (at === before) at += 1;
        continue;
      }
      if (depth.length === 0 && (sign === until || (until === undefined && (sign === "\n" || sign === "}"))))
        return;
      if (opening.includes(sign)) depth.push(closing[opening.indexOf(sign)] ?? "");
      else if (closing.includes(sign) && depth.pop() !== sign) {
        throw fail(`Invalid expression: this ${sign} closes nothing.`);
      }
      at += 1;
    }
    if (depth.length > 0 || until !== undefined)
      throw fail("Unclosed configuration: a bracket is not closed.", start);
  };

  const body = (until: "}" | undefined): Body => {
    const attributes: Record<string, string> = {};
    const blocks: Block[] = [];
    for (;;) {
      skip(/[\s,]*/y);
      if (at >= text.length || text[at] === until) break;
      const line = lineOf(at);
      const begin = at;
      const name = word();
      if (name === undefined) throw fail("Argument or block definition required.");
      skip(/[ \t\r]*/y);
      if (text[at] === "=" && text[at + 1] !== "=") {
        at += 1;
        skip(/[ \t\r]*/y);
        const from = at;
        expression();
        if (Object.hasOwn(attributes, name))
          throw fail(`Attribute redefined: ${name} was set before.`, begin);
        attributes[name] = text.slice(from, at).trim();
        if (attributes[name] === "") throw fail(`Invalid expression: ${name} has no value.`, begin);
        continue;
      }
      blocks.push(block(name, line));
    }
    return { attributes, blocks };
  };

  const block = (type: string, line: number): Block => {
    const labels: string[] = [];
    for (;;) {
      skip(/[ \t\r]*/y);
      const from = at;
      if (text[at] === '"') {
        quoted();
        labels.push(text.slice(from + 1, at - 1));
        continue;
      }
      const label = word();
      if (label === undefined) break;
      labels.push(label);
    }
    if (text[at] !== "{")
      throw fail(`Invalid block definition: expected { after ${[type, ...labels].join(" ")}.`);
    at += 1;
    const from = at;
    const inner = body("}");
    if (text[at] !== "}") throw fail(`Unclosed configuration block: ${type} is not closed.`, from);
    const written = text.slice(from, at);
    at += 1;
    return { type, labels, line, text: written, ...inner };
  };

  return body(undefined);
}

/** Returns the value of a literal, or undefined for any other expression. */
export function literal(expression: string | undefined): string | undefined {
  if (expression === undefined) return undefined;
  const text = /^"((?:[^"\\$%]|\\.|[$%](?!\{))*)"$/.exec(expression);
  if (text !== null) return (text[1] ?? "").replaceAll('\\"', '"').replaceAll("\\\\", "\\");
  return /^(true|false|-?\d+(\.\d+)?)$/.test(expression) ? expression : undefined;
}

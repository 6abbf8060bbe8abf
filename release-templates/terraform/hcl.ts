/**
 * Reads the blocks and the attributes of a file in HCL, Terraform's language. It evaluates no expression. It
 * rejects an unreadable file, because a check must not miss a part of it.
 */
import { ReleaseError } from "#release/errors/errors.ts";
import { type Token, tokensOf } from "./hcl-tokens.ts";

export type Block = {
  readonly type: string;
  readonly labels: readonly string[];
  readonly line: number;
  /** Expressions as they are written, by name. */
  readonly attributes: ReadonlyMap<string, string>;
  readonly blocks: readonly Block[];
};

type Body = Pick<Block, "attributes" | "blocks">;

/** The blocks at the top of the file. Throws `ArtifactUnfit`, naming the file and the line. */
export function readHcl(text: string, path: string): readonly Block[] {
  const reader = tokenReader(tokensOf(text, path), path);
  const { blocks } = bodyOf(reader);
  if (reader.next() !== undefined) throw reader.failure("a } closes nothing");
  return blocks;
}

type Reader = {
  readonly next: () => Token | undefined;
  readonly take: () => Token;
  readonly failure: (seen: string) => ReleaseError;
};

function tokenReader(tokens: readonly Token[], path: string): Reader {
  let at = 0;
  const failure = (seen: string): ReleaseError => {
    const line = (tokens[at] ?? tokens.at(-1))?.line ?? 1;
    return new ReleaseError("ArtifactUnfit", `${path} cannot be read: ${seen} on line ${line}.`);
  };
  return {
    next: () => tokens[at],
    take: () => {
      const token = tokens[at];
      if (token === undefined) throw failure("the file ends within a block");
      at += 1;
      return token;
    },
    failure,
  };
}

/** Ends before the `}` of the body, or at the end of the file. */
function bodyOf(reader: Reader): Body {
  const attributes = new Map<string, string>();
  const blocks: Block[] = [];
  for (let token = reader.next(); token !== undefined && token.text !== "}"; token = reader.next()) {
    reader.take();
    if (token.kind === "newline") continue;
    if (token.kind !== "word") throw reader.failure(`${JSON.stringify(token.text)} begins no argument`);
    if (reader.next()?.text === "=") {
      reader.take();
      attributes.set(token.text, expressionOf(reader));
    } else blocks.push(blockOf(reader, token));
  }
  return { attributes, blocks };
}

function blockOf(reader: Reader, { text: type, line }: Token): Block {
  const labels: string[] = [];
  for (let token = reader.take(); token.text !== "{"; token = reader.take()) {
    if (token.kind === "word") labels.push(token.text);
    // A label with an escape could name anything.
    else if (token.kind === "string" && literal(token.text) !== undefined)
      labels.push(token.text.slice(1, -1));
    else throw reader.failure(`a { is expected after ${[type, ...labels].join(" ")}`);
  }
  const body = bodyOf(reader);
  if (reader.take().text !== "}") throw reader.failure(`the block ${type} is not closed`);
  return { type, labels, line, ...body };
}

const closing: Readonly<Record<string, string>> = { "(": ")", "[": "]", "{": "}" };

/** Takes the tokens up to the end of the line, outside of brackets. */
function expressionOf(reader: Reader): string {
  const open: string[] = [];
  const written: string[] = [];
  for (let token = reader.next(); token !== undefined; token = reader.next()) {
    if (open.length === 0 && (token.kind === "newline" || token.text === "}")) break;
    reader.take();
    written.push(token.text);
    if (token.kind !== "sign") continue;
    const close = closing[token.text];
    if (close !== undefined) open.push(close);
    else if (/^[)\]}]$/.test(token.text) && open.pop() !== token.text)
      throw reader.failure(`a ${token.text} closes nothing`);
  }
  if (open.length > 0) throw reader.failure(`a ${open.at(-1)} is missing`);
  return written.join(" ").trim();
}

/** The text of a quoted literal without a template; undefined for any other expression. */
export const literal = (expression: string | undefined): string | undefined =>
  /^"((?:[^"\\$%]|[$%](?!\{))*)"$/.exec(expression ?? "")?.[1];

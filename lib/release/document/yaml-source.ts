/** Parses YAML without ever following it into a loop, a deep hole or an explosion: text comes from uploaders. */
import { type Document, isAlias, Lexer, LineCounter, type Node, parseDocument } from "yaml";
import { surveyOf } from "./yaml-survey.ts";

type YamlFault = { readonly offset: number; readonly message: string };

export type YamlSource = {
  readonly contents: Node | null;
  readonly faults: readonly YamlFault[];
  readonly locationAt: (offset: number) => { readonly line: number; readonly column: number };
  /** Calls `visit` with the node itself, or with the one its alias stands for; the depth is of the document as unfolded. */
  readonly enter: <T>(node: Node | null | undefined, depth: number, visit: (node: Node | null) => T) => T;
};

/** Signals an unusable node. `enter` throws it; the reader that called `enter` catches it. */
export class YamlRejected extends Error {
  override name = "YamlRefused";
  readonly offset: number;
  constructor(offset: number, message = "The document nests or repeats too much.") {
    super(message);
    this.offset = offset;
  }
}

/** The parser recurses, and tells of it as of a mistake. */
const inWords = (message: string): string =>
  message.includes("call stack") ? new YamlRejected(0).message : message;

const mostNodes = 200_000; // no document of 1 MB has as many without aliases
const mostAliases = 1000;
const mostFaults = 20;
const mostTokens = 400_000; // a template of 1 MB has half as many
const deepest = 100;

export function readYaml(text: string): YamlSource {
  const lines = new LineCounter();
  const document = parse(text, lines);
  const contents = document instanceof YamlRejected ? null : document.contents;
  const { targets, repeated } = surveyOf(contents);
  let nodes = 0;
  let aliases = 0;
  const unfolding = new Set<Node>();
  return {
    contents,
    faults:
      document instanceof YamlRejected
        ? [{ offset: document.offset, message: document.message }]
        : [
            ...document.errors.map(({ pos, message }) => ({ offset: pos[0], message: inWords(message) })),
            ...repeated.map(({ range }) => ({ offset: range?.[0] ?? 0, message: "Map keys must be unique" })),
          ].slice(0, mostFaults),
    locationAt: (offset) => {
      const { line, col } = lines.linePos(offset);
      return { line, column: col };
    },
    enter: (node, depth, visit) => {
      nodes += 1;
      if (isAlias(node)) aliases += 1;
      const offset = node?.range?.[0] ?? 0;
      if (nodes > mostNodes || aliases > mostAliases || depth > deepest || document instanceof YamlRejected) {
        throw new YamlRejected(offset);
      }
      if (!isAlias(node)) return visit(node ?? null);
      const held = targets.get(node);
      if (held === undefined)
        throw new YamlRejected(offset, `There is no anchor &${node.source} before this.`);
      if (unfolding.has(held)) throw new YamlRejected(offset, `The anchor &${node.source} contains itself.`);
      unfolding.add(held);
      try {
        return visit(held);
      } finally {
        unfolding.delete(held);
      }
    },
  };
}

function parse(text: string, lineCounter: LineCounter): Document.Parsed | YamlRejected {
  const hole = deepHole(text);
  if (hole !== undefined) {
    lineCounter.addNewLine(0);
    for (let at = text.indexOf("\n"); at >= 0 && at < hole; at = text.indexOf("\n", at + 1))
      lineCounter.addNewLine(at + 1);
    return new YamlRejected(hole);
  }
  try {
    return parseDocument(text, { lineCounter, prettyErrors: false, merge: false, uniqueKeys: false });
  } catch (error) {
    if (error instanceof RangeError) return new YamlRejected(0); // the parser itself recurses
    throw error;
  }
}

/**
 * Finds brackets that nest too deeply and counts of signs above a limit, before the parser spends seconds on
 * them. It scans only texts that could contain such a case.
 */
function deepHole(text: string): number | undefined {
  if (text.length <= mostTokens && text.length - text.replace(/[[{]/g, "").length <= deepest)
    return undefined;
  let at = 0;
  let depth = 0;
  let tokens = 0;
  for (const token of new Lexer().lex(text)) {
    tokens += 1;
    if (tokens > mostTokens) return at;
    if (token === "[" || token === "{") depth += 1;
    else if (token === "]" || token === "}") depth -= 1;
    if (depth > deepest) return at;
    at += token.length;
  }
  return undefined;
}

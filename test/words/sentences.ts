/** Cuts a comment or a Markdown text into sentences. Code, quotations and addresses become the noun `X`. */

/**
 * `after` is the punctuation before the words. After a parenthesis or a dash, `which` has its noun before the punctuation.
 * After a colon or a semicolon the words may continue a sentence.
 */
export type Sentence = {
  readonly text: string;
  readonly line: number;
  readonly after: "stop" | "colon" | "dash";
};

const jsdocTag =
  /^\s*@(?:param|returns?|template|throws|see|default|deprecated|type|internal)\b\s*(?:\{[^}]*\})?/gm;
const boundary = /[.!?;:]+(?=\s|$)|\s[-–—]+(?=\s)|[()|]/g;

export function sentencesOf(text: string, firstLine = 1): readonly Sentence[] {
  const plain = withoutMarkup(text);
  const sentences: Sentence[] = [];
  let line = firstLine;
  let after: Sentence["after"] = "stop";
  const take = (raw: string): void => {
    const blanks = raw.slice(0, raw.search(/\S|$/));
    const words = raw.replace(/\s+/g, " ").trim();
    if (/[a-z]/i.test(words)) sentences.push({ text: words, line: line + newlines(blanks), after });
    line += newlines(raw);
  };
  let at = 0;
  for (const { index, 0: stop } of plain.matchAll(boundary)) {
    take(plain.slice(at, index));
    after = /[(–—-]/.test(stop) ? "dash" : /^[;:]/.test(stop) ? "colon" : "stop";
    line += newlines(stop);
    at = index + stop.length;
  }
  take(plain.slice(at));
  return sentences;
}

const withoutMarkup = (text: string): string =>
  text
    .replace(/```[\s\S]*?(?:```|$)/g, (code) => ` . ${onlyLines(code)}`)
    .replace(/@example[\s\S]*$/, "")
    .replace(/`[^`]*`/g, (code) => `X${onlyLines(code)}`)
    .replace(/"[^"]*"|“[^”]*”/g, (quotation) => `X${onlyLines(quotation)}`)
    .replace(/\[([^\]]*)\]\([^)]*\)/g, "$1")
    .replace(/https?:\/\/\S*[^\s.,;:)]/g, "X")
    .replace(/\*\*|__/g, "")
    .replace(jsdocTag, " . ")
    .replace(/^([ \t]*)(?:[-*+]|\d+\.) /gm, "$1. ")
    .replace(/\b(e\.g|i\.e|etc|vs|cf)\.(?=\s)/gi, "$1")
    .replace(/(?:[ \t]*\r?\n){2,}/g, (lines) => ` .${lines}`);

/** Takes the words away and leaves the line breaks, so line numbers stay right. */
export const onlyLines = (text: string): string => text.replace(/[^\n]/g, "");

const newlines = (text: string): number => onlyLines(text).length;

/** Parses a text of a template as JSON, such as a policy in a text. */
import { parsedJson } from "#release/document/parsed-json.ts";
import type { PlainValue } from "#release/document/template-document.ts";

/** As for templates. A deeper text would overflow the stack of a recursive reader. */
const deepest = 100;

/** Undefined for a text that is no JSON or that nests deeper. Brackets in texts count as well. */
export const jsonIn = (text: string): PlainValue | undefined =>
  isTooDeep(text) ? undefined : (parsedJson(text) as PlainValue | undefined);

function isTooDeep(text: string): boolean {
  let depth = 0;
  for (const [bracket] of text.matchAll(/[[{}\]]/g)) {
    depth += bracket === "[" || bracket === "{" ? 1 : -1;
    if (depth > deepest) return true;
  }
  return false;
}

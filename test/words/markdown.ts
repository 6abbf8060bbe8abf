/** Takes the sentences out of a Markdown file. Headings, code, rules of tables and front matter are no sentences. */
import { onlyLines, type Sentence, sentencesOf } from "./sentences.ts";

export function markdownSentences(source: string): readonly Sentence[] {
  const prose = source
    .replace(/^---\n[\s\S]*?\n---\n/, onlyLines)
    .replace(/<!--[\s\S]*?-->/g, onlyLines)
    .replace(/^ {0,3}(`{3,}|~{3,})[\s\S]*?^ {0,3}\1.*$/gm, onlyLines)
    .replace(/^#{1,6} .*$/gm, "")
    .replace(/^[ \t|:-]*--[ \t|:-]*$/gm, "");
  return sentencesOf(prose);
}

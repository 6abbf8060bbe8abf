/** Finds banned words in a declared name or in a sentence, and says which word to use instead. */
import { allowedWords, type BannedWord, bannedWords } from "./banned-words.ts";
import { folderOf } from "./folders.ts";

/** Splits `lookAhead`, `LookAhead`, `look-ahead` and `LOOK_AHEAD` into ` look ahead `. */
const wordsOf = (name: string): string =>
  ` ${name
    .replace(/([a-z0-9])([A-Z])/g, "$1 $2")
    .replace(/([A-Z])([A-Z][a-z])/g, "$1 $2")
    .replace(/[^A-Za-z0-9]+/g, " ")
    .trim()
    .toLowerCase()} `;

const isBannedIn = ({ only, except }: BannedWord, folder: string): boolean =>
  (only?.includes(folder) ?? true) && !except?.includes(folder);

const anyBannedWord = new RegExp(` (?:${bannedWords.flatMap(({ words }) => words).join("|")}) `);

export function bannedInName(name: string, path: string): BannedWord | undefined {
  const words = wordsOf(name);
  if (!anyBannedWord.test(words)) return undefined;
  const left = allowedWords
    .filter(({ under = "" }) => path.startsWith(under))
    .reduce((rest, allowed) => rest.replaceAll(` ${allowed.words} `, "  "), words);
  return find(left, (entry) => isBannedIn(entry, folderOf(path)));
}

const firstWords = [
  ...new Set(bannedWords.flatMap(({ words }) => words.map((word) => word.split(" ")[0] ?? ""))),
];
const capitalized = firstWords.map((word) => word.charAt(0).toUpperCase() + word.slice(1));
const anyWordInCode = new RegExp(
  `(?<![a-z])(?:${firstWords.join("|")})(?![a-z])|(?:${capitalized.join("|")})(?![a-z])|${firstWords.join("|").toUpperCase()}`,
);

/** False when no name in the code can contain a banned word. Such a file needs no syntax tree. */
export const mayContainBanned = (code: string): boolean => anyWordInCode.test(code);

/** Text has fewer banned words than names: `part` or `mark` is plain English in a sentence. */
export const bannedInProse = (sentence: string): BannedWord | undefined =>
  find(wordsOf(sentence), ({ prose }) => prose === true);

const find = (words: string, isBanned: (entry: BannedWord) => boolean): BannedWord | undefined =>
  bannedWords.find((entry) => isBanned(entry) && entry.words.some((word) => words.includes(` ${word} `)));

/** Reads every tracked source file once, counts comments, titles and names per folder, and collects the offenders. */
import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { bannedInName, bannedInProse, mayContainBanned } from "./banned-names.ts";
import type { BannedWord } from "./banned-words.ts";
import { declaredNames } from "./declared-names.ts";
import { docs, folderOf, folders, other } from "./folders.ts";
import { leansOnIndefinite, mentionsIndefinite } from "./indefinite.ts";
import { markdownSentences } from "./markdown.ts";
import { type ParsedFile, parseFile } from "./parsed-file.ts";
import { isPlainTitle } from "./plain-title.ts";
import { type Sentence, sentencesOf } from "./sentences.ts";
import { titlesIn } from "./titles.ts";

export const kinds = ["indefinite", "fragments", "banned"] as const;
export type Kind = (typeof kinds)[number];

/** `mentions` is the looser count of indefinite.ts. It is counted and listed, but has no ceiling. */
type CountedKind = Kind | "mentions";

export type Offender = {
  readonly folder: string;
  readonly kind: CountedKind;
  readonly path: string;
  readonly line: number;
  readonly text: string;
};

/** `comments` of the row `docs` are sentences. */
export type Counts = Record<CountedKind | "comments" | "titles", number>;

export type Report = {
  readonly counts: ReadonlyMap<string, Counts>;
  readonly offenders: readonly Offender[];
};

/** A file that git tracks, with a path from the root of the repository. */
type SourceFile = { readonly path: string; readonly source: string };

export function trackedFiles(): readonly SourceFile[] {
  const listed = execFileSync("git", ["ls-files", "-z", "*.ts", "*.md"], { encoding: "utf8" });
  return listed
    .split("\0")
    .filter((path) => path !== "" && existsSync(path))
    .map((path) => ({ path, source: readFileSync(path, "utf8") }));
}

export function measure(files: readonly SourceFile[]): Report {
  const counts = new Map([...folders, other, docs].map((name) => [name, noCounts()]));
  const offenders: Offender[] = [];
  for (const { path, source } of files) {
    const folder = folderOf(path);
    const sum = counts.get(folder) ?? noCounts();
    const found = folder === docs ? inMarkdown(source) : inCode(parseFile(path, source));
    for (const key of ["comments", "titles"] as const) sum[key] += found[key];
    for (const { kind, line, text } of found.offenders) {
      sum[kind] += 1;
      offenders.push({ folder, kind, path, line, text });
    }
  }
  return { counts, offenders };
}

type Found = Pick<Counts, "comments" | "titles"> & {
  readonly offenders: readonly Pick<Offender, "kind" | "line" | "text">[];
};

function inCode(file: ParsedFile): Found {
  const titles = titlesIn(file);
  return {
    comments: file.comments.length,
    titles: titles.length,
    offenders: [
      ...file.comments.flatMap(({ text, line }) =>
        leaning(sentencesOf(text), text.replace(/\s+/g, " "), line),
      ),
      ...titles
        .filter(({ text }) => !isPlainTitle(text))
        .map(({ line, text }) => ({ kind: "fragments" as const, line, text })),
      ...bannedNames(file),
    ],
  };
}

function leaning(sentences: readonly Sentence[], text: string, line: number): Found["offenders"] {
  const found: Found["offenders"][number][] = [];
  if (sentences.some(leansOnIndefinite)) found.push({ kind: "indefinite", line, text });
  if (sentences.some(mentionsIndefinite)) found.push({ kind: "mentions", line, text });
  return found;
}

function bannedNames(file: ParsedFile): Found["offenders"] {
  if (!mayContainBanned(`${file.path} ${file.code}`)) return [];
  return declaredNames(file).flatMap(({ name, line }) => asBanned(name, line, bannedInName(name, file.path)));
}

function inMarkdown(source: string): Found {
  const sentences = markdownSentences(source);
  return {
    comments: sentences.length,
    titles: 0,
    offenders: sentences.flatMap((sentence) => [
      ...leaning([sentence], sentence.text, sentence.line),
      ...asBanned(sentence.text, sentence.line, bannedInProse(sentence.text)),
    ]),
  };
}

const asBanned = (text: string, line: number, word: BannedWord | undefined): Found["offenders"] =>
  word === undefined ? [] : [{ kind: "banned", line, text: `${text} (${word.words[0]}: use ${word.use})` }];

const noCounts = (): Counts => ({
  comments: 0,
  indefinite: 0,
  mentions: 0,
  titles: 0,
  fragments: 0,
  banned: 0,
});

/**
 * Decides whether the title of a test is plain. A plain title is understood without its `describe`.
 *
 * A title is plain in two forms.
 * - It begins with a verb in the third person: `returns 404 for a missing key`, `is refused`, `never widens`, `may be empty`.
 *   A word that is a noun as well (`names`, `changes`) is a verb unless a preposition, an auxiliary or a clause follows.
 * - It is a sentence: words of a subject, then a finite verb. The verb of a relative clause belongs to that clause:
 *   `a zip that is in a zip` has no verb of its own. A base form is finite only after a plural (`two lines share a bucket`).
 * A placeholder stands for a noun, so `%s is refused` is a sentence.
 *
 * A title is a fragment when it begins with a preposition, a conjunction, a participle, `that`, a question word or an
 * indefinite pronoun. `when the queue is full, the line waits` is plain, because a sentence follows the comma.
 */
import {
  adverbs,
  articles,
  determiners,
  openers,
  plurals,
  prepositions,
  relatives,
  subordinators,
} from "./function-words.ts";
import { isAuxiliary, isBaseForm, isBaseFormOrNoun, isThirdPerson, isThirdPersonOrNoun } from "./verbs.ts";

export function isPlainTitle(title: string): boolean {
  const [main, ...rest] = title.split(/,\s+/);
  const words = wordsOf(main ?? "");
  const [first = ""] = words;
  if (subordinators.has(first)) return rest.length > 0 && isPlainTitle(rest.join(", "));
  if (prepositions.has(first) || openers.has(first)) return false;
  if (beginsWithPlural(words) || beginsWithParticiple(words)) return false;
  return beginsWithVerb(words) || isSentence(wordsOf(title));
}

const wordsOf = (text: string): readonly string[] =>
  text
    .replace(/\$\{[^}]*\}|%[a-z#%]|\$[a-z][\w.]*|`[^`]*`|"[^"]*"|[{[][^\s]*[}\]]/gi, " x ")
    .replace(/n't\b/g, "")
    .replace(/(['’])s\b/g, "$1")
    .toLowerCase()
    .split(/[^a-z0-9'’_/.-]+/)
    .filter((word) => word !== "");

function beginsWithVerb(words: readonly string[]): boolean {
  const at = words.findIndex((word) => !adverbs.has(word));
  const [word = "", next = ""] = words.slice(at);
  if (isAuxiliary(word) || isThirdPerson(word)) return true;
  const noun = prepositions.has(next) || isAuxiliary(next) || /^(?:and|or|that|which|who|whose)$/.test(next);
  return isThirdPersonOrNoun(word) && next !== "" && !noun;
}

/** `are refused` and `hold objects` continue their `describe`. `reject ends a release` has a command as its subject. */
function beginsWithPlural(words: readonly string[]): boolean {
  const [word = "", next = ""] = words.slice(words.findIndex((each) => !adverbs.has(each)));
  if (isPluralAuxiliary(word)) return true;
  if (isBaseFormOrNoun(word))
    return determiners.has(next) || /^(?:by|with|to|from|on|at|up|down|out)$/.test(next);
  return isBaseForm(word) && !isAuxiliary(next) && !isThirdPerson(next) && !isThirdPersonOrNoun(next);
}

/** `named twice is one asset` has no noun. `encrypted objects are copied` has one. */
const beginsWithParticiple = ([first = "", second = ""]: readonly string[]): boolean =>
  /^(?:given|made|written|taken|found|sent|\w{3,}ed)$/.test(first) &&
  (prepositions.has(second) || adverbs.has(second) || second === "twice" || second === "once");

const isPluralAuxiliary = (word: string): boolean => /^(?:are|were|have|do)$/.test(word);

function isSentence(words: readonly string[]): boolean {
  let clauses = 0;
  for (const [index, word] of words.entries()) {
    if (index === 0) continue;
    if (relatives.has(word) && !(word === "that" && index === 1)) clauses += 1;
    else if (isFiniteVerb(words, index) || (clauses > 0 && endsClause(words, index))) {
      if (clauses === 0) return true;
      clauses -= 1;
    }
  }
  return false;
}

/** A clause may end in the past tense (`that a stop interrupted`) or in a placeholder (`that %s`). */
const endsClause = (words: readonly string[], index: number): boolean =>
  /[a-z]{2}ed$/.test(words[index] ?? "") || (words[index] === "x" && relatives.has(words[index - 1] ?? ""));

function isFiniteVerb(words: readonly string[], index: number): boolean {
  const [word = "", next = ""] = words.slice(index);
  const before = words.slice(0, index).findLast((each) => !adverbs.has(each)) ?? "";
  if (isAuxiliary(word)) return true;
  if (prepositions.has(before) || articles.has(before)) return false;
  if (isThirdPerson(word)) return true;
  if (determiners.has(before)) return false;
  const object = determiners.has(next) || next === "x" || /^(?:up|down|out|off)$/.test(next);
  if (isThirdPersonOrNoun(word)) return object || prepositions.has(next);
  const plural = plurals.has(before) || /[^s']s$/.test(before);
  return plural && (isBaseForm(word) || (isBaseFormOrNoun(word) && (object || prepositions.has(next))));
}

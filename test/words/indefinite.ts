/**
 * Decides whether a sentence leans on an indefinite subject. Such a sentence hides the actor or the object.
 *
 * - A person without a name (`nobody`, `whoever`) counts anywhere, because the trade has a noun for every actor.
 * - A clause in place of a noun (`what was seen`, `those that wait`, `the one behind it`) counts anywhere, because
 *   `from what was seen` hides its noun as well as `what was seen` does. `what to do` is allowed.
 * - A pronoun (`nothing`, `others`, `each`, `one`) counts only as a subject. As an object it is plain English
 *   (`does nothing`, `replaces the old one`), and `each line` has its noun.
 * - A question clause alone (`Which line a name is of`, `Whether it waits`) counts, because it has no main verb.
 * - `thing` and `lest` count, because they would replace the words above without a gain.
 *
 * Calibration on 991f37c. By this rule 35 % of Kedge's comments lean (28 % in local-cloud, 39 % elsewhere).
 * The published sources or declarations of hono, atproto's pds, miniflare, trpc, msw, tanstack query, zod, dynalite and
 * CDK's toolkit-lib give 0 to 7 %. `mentionsIndefinite` is the looser count of the issue, an indefinite word anywhere.
 * It gives 46 % in local-cloud, 59 % elsewhere, and 8 to 27 % for the models (33 % for the 52 comments of miniflare).
 * The loose count is printed beside the rule. It has no ceiling, because plain sentences need `each line` and `all lines`.
 */
import type { Sentence } from "./sentences.ts";
import { isAuxiliary, isThirdPerson } from "./verbs.ts";

type Rule = (sentence: Sentence) => boolean;

const anywhere =
  (...patterns: readonly RegExp[]): Rule =>
  ({ text }) =>
    patterns.some((pattern) => pattern.test(text));

/** True when a verb follows the pronoun, as in `nothing is lost` and `when one fails`. */
const asSubject =
  (pronoun: RegExp, isVerb: (word: string) => boolean): Rule =>
  ({ text }) =>
    [...text.matchAll(pronoun)].some(({ index, 0: found }) =>
      isVerb(nextWord(text.slice(index + found.length))),
    );

const nextWord = (text: string): string =>
  (/^(?: (?:ever|also|still|then|now|only|really|later|yet))* ([a-z]+)/i.exec(text)?.[1] ?? "").toLowerCase();

const isFiniteVerb = (word: string): boolean => isAuxiliary(word) || isThirdPerson(word);
const isFiniteOrPastVerb = (word: string): boolean => isFiniteVerb(word) || /[a-z]{2}ed$/.test(word);

const isQuestionHead: Rule = ({ text, after }) =>
  after !== "dash" && /^(?:(?:and|but|or|so|then) )?(?:which|who|whose|whom)\b/i.test(text);

/** A clause after a colon continues its sentence. A clause with a comma has a main clause unless the comma only adds. */
const isClauseAlone: Rule = ({ text, after }) =>
  after === "stop" &&
  /^(?:whether|where|when|how|why)\b/i.test(text) &&
  /^[^,]*(?:$|, (?:and|or|but|by|with|as|of|not|if|when|where|how|what|which|whether)\b)/i.test(text);

const pronounFirst = /^(each|another|either|neither|both|all|some|many|few|several|most|any) (\w+)/i;

const startsWithPronoun: Rule = ({ text }) => {
  const [, pronoun = "", next = ""] = pronounFirst.exec(text) ?? [];
  if (isAuxiliary(next) || /^(?:that|which|who|whose|else)$/.test(next)) return true;
  return /^(?:each|another|neither|either)$/i.test(pronoun) && isThirdPerson(next);
};

const rules: Readonly<Record<string, Rule>> = {
  person: anywhere(
    /\b(?:nobody|somebody|everybody|anybody|no one|someone|everyone|anyone|whoever|whomever)\b/i,
  ),
  what: anywhere(/(?<!-)\bwhat\b(?!-| to\b)/i, /\b(?:whatever|whichever)\b/i),
  question: isQuestionHead,
  clause: isClauseAlone,
  those: anywhere(
    /\bthose (?:who|that|which|whose)\b/i,
    /^those (?:of|in|with|without|on|for|from|to|at|between|under|after|before)\b/i,
    /\b(?:that which|(?:he|she|they|all|such) (?:who|whose))\b/i,
    /\b(?:all|anything|everything|something|nothing|little|much) that\b/i,
  ),
  one: anywhere(
    /\bones? (?:that|which|who|whose)\b/i,
    /\bthe ones? (?:of|in|with|without|on|for|from|behind|before|after|under)\b/i,
    /\bone's\b/i,
  ),
  oneAsSubject: asSubject(/(?:^|\b(?:the|and|or|but|that|if|as|than|when|while) |, )ones?\b/gi, isFiniteVerb),
  thing: asSubject(
    /\b(?:nothing|something|everything|anything|none)(?: (?:else|more|new|of (?:it|them|this|that)))?\b/gi,
    isFiniteOrPastVerb,
  ),
  others: anywhere(/\bothers\b|\banother's\b|\ball else\b/i),
  pronoun: startsWithPronoun,
  substitute: anywhere(/\bthings?\b|\blest\b/i),
};

export const leansOnIndefinite: Rule = (sentence) => Object.values(rules).some((rule) => rule(sentence));

const indefiniteWords = [
  "nobody|somebody|everybody|anybody|no one|someone|everyone|anyone|whoever|whatever|whichever",
  "nothing|something|everything|anything|none|what|who|whose|whom|ones?",
  "all|each|some|any|both|others?|another|either|neither|many|few|several",
];

export const mentionsIndefinite: Rule = anywhere(new RegExp(`\\b(?:${indefiniteWords.join("|")})\\b`, "i"));

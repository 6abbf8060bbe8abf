/** Lists the words that join nouns and verbs to a sentence: prepositions, conjunctions, pronouns and adverbs. */
import { wordSet } from "./word-set.ts";

export const prepositions = wordSet(`
of in on at by for from to with without within into onto over under between among against across through during towards
toward about above below behind beside besides beyond despite except inside outside near off per like as than via upon
`);

/** A title that begins with one of these words lacks a subject or hides it. */
export const openers = wordSet(`
and or but nor so yet that which who whose whom what whatever whichever whether how why
nobody somebody everybody anybody someone everyone anyone whoever nothing something everything anything none others
`);

/** A clause with one of these words may stand before the sentence, with a comma between them. */
export const subordinators = wordSet(
  "when if while once after before until unless where wherever whenever although because since",
);

/** The next finite verb belongs to the clause that one of these words opens. */
export const relatives = wordSet(
  "that which who whose whom what when where if while because how whether until unless once whatever",
);

export const adverbs = wordSet(
  "never always also only still not no longer neither already again alone both all too just then now",
);

/** After one of these words a noun follows, so `updates` is no verb in `the updates` and in `two updates`. */
export const articles = wordSet(
  "a an the its their his her my your our these those every two three four five",
);

/** After one of these words a noun or a clause follows, so the word before them is a verb. */
export const determiners = wordSet(`
a an the its their his her my your our this these those no each every all some any both one two three four five
what that which who whom whether how where it them itself themselves him only nothing more everyone
`);

/** `x` is a placeholder, which may stand for a plural. */
export const plurals = wordSet("they we you people children data both all others x");

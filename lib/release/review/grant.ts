/** A grant of a resource, with the key that compares it between two templates. */
import type { PlainValue } from "#release/document/template-document.ts";
import { canonicalJson } from "#release/names/digest.ts";
import type { Scope } from "#release/rules/reading/scope.ts";
import { hole, type Seen, textOf } from "#release/rules/reading/seen.ts";
import { itemsOf } from "#release/rules/reading/values.ts";

export type Grant = {
  /** Equal for equal grants of two templates. */
  readonly key: string;
  /** Ends the sentence "<resource> …". */
  readonly sentence: string;
  /** 0 is the gravest. */
  readonly severity: number;
  /** A denial: it widens when it is gone. */
  readonly denies?: true;
};

export const grant = (given: PlainValue, severity: number, sentence: string): Grant => ({
  key: `${canonicalJson(given)} ${sentence}`,
  ...{ sentence, severity },
});

export const shownText = (seen: Seen): string => textOf(seen).replaceAll(hole, "…");

export const textsAt = (value: PlainValue | undefined, scope: Scope): readonly string[] =>
  itemsOf(value, scope).map(shownText);

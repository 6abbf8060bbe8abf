/** What can be told of an expression in a template before it is deployed: a value, or a reason for the doubt. */
import type { PlainValue } from "#release/document/template-document.ts";

/** A reason that ends the sentence "this cannot be decided, because …". */
export type Doubt = {
  readonly why: string;
  /** The value of a parameter is missing that the preparation of the environment will have. */
  readonly later?: true;
};

export type Seen = {
  /** Items of a list and fields of an object are still expressions. Unknown parts of a text are a `hole`. */
  readonly value: PlainValue;
  /** The text contains the name of a resource that the template makes. */
  readonly own?: true;
  /** The reason for a hole. */
  readonly doubt?: Doubt;
  /** The value is one of several, and a condition that cannot be evaluated selects it. */
  readonly maybe?: Doubt;
};

/** Stands for an unknown part of a text. The character does not occur in names, ARNs or JSON syntax. */
export const hole = "\uFFFC";

export const unknown = (why: string): Seen => ({ value: hole, doubt: { why } });

const most = 256;

/** The texts that a sequence of parts can make, each part with its own possible values. */
export function joined(parts: readonly (readonly Seen[])[]): readonly Seen[] {
  const count = parts.reduce((product, part) => product * Math.max(1, part.length), 1);
  if (count > most) return [unknown("it has too many possible values")];
  return parts.reduce<readonly Seen[]>(
    (before, part) =>
      before.flatMap((left) =>
        (part.length === 0 ? [unknown("a part of it has no value")] : part).map((right) => both(left, right)),
      ),
    [{ value: "" }],
  );
}

function both(left: Seen, right: Seen): Seen {
  const doubt = left.doubt ?? right.doubt ?? (isText(right) ? undefined : noText);
  const maybe = left.maybe ?? right.maybe;
  return {
    value: `${textOf(left)}${textOf(right)}`,
    ...((left.own || right.own) && { own: true }),
    ...(doubt && { doubt }),
    ...(maybe && { maybe }),
  };
}

const noText: Doubt = { why: "a part of it is no text" };

const isText = ({ value }: Seen): boolean => typeof value !== "object" || value === null;

/** The text of a scalar; a hole for lists and objects. */
export const textOf = (seen: Seen): string => (isText(seen) ? String(seen.value) : hole);

/** The values of an expression before its template is deployed, or the reason why they are not known. */
import type { PlainValue } from "#release/document/template-document.ts";

/** A reason that ends the sentence "this cannot be decided, because …". */
export type Doubt = {
  readonly why: string;
  /** The value of a parameter is missing that the preparation of the environment will have. */
  readonly later?: true;
};

export type Seen = {
  /** Items of a list and fields of an object are still expressions. Unknown segments of a text are a `hole`. */
  readonly value: PlainValue;
  /** The text contains the name of a resource that the template makes. */
  readonly own?: true;
  /** The value is a reference to this resource of the template, and has no other segment. */
  readonly resource?: string;
  /** The text contains a name that the team chooses, so it may be any text. */
  readonly chosen?: true;
  /** The reason for a hole. */
  readonly doubt?: Doubt;
  /** The value is one of several, and a condition that cannot be evaluated selects it. */
  readonly maybe?: Doubt;
};

/** Stands for an unknown segment of a text. The character does not occur in names, ARNs or JSON syntax. */
export const hole = "\uFFFC";

export const unknown = (why: string): Seen => ({ value: hole, doubt: { why } });

const most = 256;

/** The texts that a sequence of segments can make, each segment with its own possible values. */
export function joined(segments: readonly (readonly Seen[])[]): readonly Seen[] {
  const count = segments.reduce((product, segment) => product * Math.max(1, segment.length), 1);
  if (count > most) return [unknown("it has too many possible values")];
  return segments.reduce<readonly Seen[]>(
    (before, segment) =>
      before.flatMap((left) =>
        (segment.length === 0 ? [unknown("a segment of it has no value")] : segment).map((right) =>
          both(left, right),
        ),
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
    ...((left.chosen || right.chosen) && { chosen: true }),
    ...(doubt && { doubt }),
    ...(maybe && { maybe }),
  };
}

const noText: Doubt = { why: "a segment of it is no text" };

const isText = ({ value }: Seen): boolean => typeof value !== "object" || value === null;

/** The text of a scalar; a hole for lists and objects. */
export const textOf = (seen: Seen): string => (isText(seen) ? String(seen.value) : hole);

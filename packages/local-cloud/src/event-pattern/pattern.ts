/**
 * Defines a parsed event pattern, which EventBridge rules, SNS filter policies and Lambda filter criteria
 * share.
 */

export type Scalar = string | number | boolean | null;

/** An element of a field's list. The field matches when any element does. */
export type Test =
  | { readonly kind: "exact"; readonly value: Scalar }
  | { readonly kind: "prefix" | "suffix"; readonly value: string; readonly ignoreCase: boolean }
  | { readonly kind: "equals-ignore-case"; readonly value: string }
  | { readonly kind: "wildcard"; readonly pattern: RegExp }
  | { readonly kind: "anything-but"; readonly tests: readonly Test[] }
  | { readonly kind: "numeric"; readonly ranges: readonly (readonly [string, number])[] }
  | { readonly kind: "exists"; readonly value: boolean }
  | { readonly kind: "cidr"; readonly version: 4 | 6; readonly base: bigint; readonly bits: number };

export type Pattern = {
  readonly fields: readonly { readonly name: string; readonly match: readonly Test[] | Pattern }[];
  /** Each group needs one of its patterns. */
  readonly or: readonly (readonly Pattern[])[];
};

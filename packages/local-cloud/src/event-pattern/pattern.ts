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

/** The fields of a branch match together; each field is a path and its list of tests. */
export type Branch = readonly { readonly path: string; readonly tests: readonly Test[] }[];

/** The event matches when one branch does. A pattern without `$or` has one branch. */
export type Pattern = { readonly branches: readonly Branch[] };

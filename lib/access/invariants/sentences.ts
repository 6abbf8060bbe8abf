/** Every invariant by name, also those that look at more than one call. */
import { missingInvariant, pathInvariant } from "#access/check.ts";
import { openInvariant } from "#access/open-statements.ts";
import { dutiesInvariant } from "#access/separate-duties.ts";
import { invariants } from "./index.ts";

export const sentences: readonly { readonly name: string; readonly sentence: string }[] = [
  pathInvariant,
  ...invariants.map(({ name, sentence }) => ({ name, sentence })),
  missingInvariant,
  dutiesInvariant,
  openInvariant,
];

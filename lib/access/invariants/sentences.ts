/**
 * Lists every invariant with its sentence, also the invariants that concern several calls.
 */
import { missingInvariant, pathInvariant } from "#access/check.ts";
import { idleInvariant } from "#access/idle-grants.ts";
import { openInvariant } from "#access/open-statements.ts";
import { trustsInvariant } from "#access/people-trusts.ts";
import { dutiesInvariant } from "#access/separate-duties.ts";
import { settingsInvariant } from "#access/settings.ts";
import { invariants } from "./index.ts";

export const sentences: readonly { readonly name: string; readonly sentence: string }[] = [
  pathInvariant,
  ...invariants.map(({ name, sentence }) => ({ name, sentence })),
  missingInvariant,
  dutiesInvariant,
  trustsInvariant,
  openInvariant,
  settingsInvariant,
  idleInvariant,
];

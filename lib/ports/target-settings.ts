/** The port to the parameters and secrets of the target accounts. */
import type { AccountInRegion } from "./target.ts";

/** A secure one has no value here: nobody but CloudFormation and the application reads it. */
export type StoredParameter = { readonly secure: boolean; readonly value: string; readonly version: number };

/** What the target accounts know: their parameter stores, and which secrets they have. */
export type TargetSettings = {
  /** Those of the parameters that exist; a name may end in a colon and a version. */
  readonly read: (
    target: AccountInRegion,
    names: readonly string[],
  ) => Promise<Readonly<Record<string, StoredParameter>>>;
  /** Those of the secrets' names that exist. */
  readonly secrets: (target: AccountInRegion, names: readonly string[]) => Promise<readonly string[]>;
};

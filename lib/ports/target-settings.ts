/** The port to the parameters and secrets of the target accounts. */
import type { AccountInRegion } from "./target.ts";

/** A secure parameter has no value here: only CloudFormation and the application read it. */
export type StoredParameter = {
  readonly secure: boolean;
  readonly value: string;
  readonly version: number;
  /** The time of the version, in ISO 8601. It tells a parameter that was deleted and made again. */
  readonly modified: string;
};

/** The parameter stores of the target accounts, and the names of their secrets. */
export type TargetSettings = {
  /** The parameters that exist among these names; a name may end in a colon and a version. */
  readonly read: (
    target: AccountInRegion,
    names: readonly string[],
  ) => Promise<Readonly<Record<string, StoredParameter>>>;
  /** The names of secrets that exist among these. */
  readonly secrets: (target: AccountInRegion, names: readonly string[]) => Promise<readonly string[]>;
};

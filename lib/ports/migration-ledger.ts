/** The port to the records of applied database migrations. A record is written once. */
import type { AccountInRegion } from "./target.ts";

export type MigrationLedger = {
  /** Values by the last part of their names. */
  readonly read: (target: AccountInRegion, path: string) => Promise<ReadonlyMap<string, string>>;
  /** False when there is one of this name. */
  readonly record: (target: AccountInRegion, path: string, name: string, value: string) => Promise<boolean>;
};

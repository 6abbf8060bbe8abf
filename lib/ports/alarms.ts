/** The port to the CloudWatch alarms in the target accounts. */
import type { AccountInRegion } from "./target.ts";

export type Alarm = {
  readonly name: string;
  readonly firing: boolean;
  /** In CloudWatch's words. */
  readonly reason: string;
  /** Of an alarm on one metric: its name, and what was measured last. */
  readonly metric?: string;
  readonly value?: number;
  readonly threshold?: number;
};

export type Alarms = {
  /** Those of the names that exist. */
  readonly describe: (target: AccountInRegion, names: readonly string[]) => Promise<readonly Alarm[]>;
};

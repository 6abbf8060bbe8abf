/** The port to the CloudWatch alarms in the target accounts. */
import type { AccountInRegion } from "./target.ts";

export type Alarm = {
  readonly name: string;
  readonly firing: boolean;
  /** CloudWatch's own text. */
  readonly reason: string;
  /** The metric's name and its last value, for an alarm on one metric. */
  readonly metric?: string;
  readonly value?: number;
  readonly threshold?: number;
};

export type Alarms = {
  /** The alarms that exist among these names. */
  readonly describe: (target: AccountInRegion, names: readonly string[]) => Promise<readonly Alarm[]>;
};

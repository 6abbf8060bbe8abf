/** The port to the parameters of stacks in the target accounts. */
import type { AccountInRegion } from "./target.ts";

export type StackValues = {
  /** Begins an update to these values; the template and all other values stay as they are. */
  readonly set: (
    target: AccountInRegion,
    stack: string,
    values: Readonly<Record<string, string>>,
    token: string,
  ) => Promise<void>;
};

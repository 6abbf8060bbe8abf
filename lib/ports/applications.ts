/** The port to the application stacks in the target accounts. */
import type { StackFailure } from "#release/stack/stack-failure.ts";
import type { AccountInRegion } from "./target.ts";

export type LineStack = {
  readonly name: string;
  readonly status: string;
  readonly level: number;
  readonly tags: Readonly<Record<string, string>>;
};

export type Applications = {
  /** The stacks of the applications whose first stacks have these names. */
  readonly stacksOfLine: (
    target: AccountInRegion,
    firsts: readonly string[],
  ) => Promise<readonly LineStack[]>;
  /** Undefined when there is no such stack. */
  readonly stack: (target: AccountInRegion, name: string) => Promise<LineStack | undefined>;
  /** The first failure of the stack's last operation. */
  readonly failure: (target: AccountInRegion, stack: string) => Promise<StackFailure | undefined>;
  readonly remove: (target: AccountInRegion, stack: string, token: string) => Promise<void>;
  readonly outputs: (target: AccountInRegion, stack: string) => Promise<Readonly<Record<string, string>>>;
};

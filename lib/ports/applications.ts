/** The port to the application stacks in the target accounts. */
import type { StackFailure } from "#release/stack/stack-failure.ts";
import type { AccountInRegion } from "./target.ts";

export type LineStack = { readonly name: string; readonly status: string; readonly level: number };

export type Applications = {
  /** The stack of this name and the stacks whose names continue it, each with its tag `kedge:level`. */
  readonly stacksOfLine: (target: AccountInRegion, first: string) => Promise<readonly LineStack[]>;
  /** Undefined when there is no such stack. */
  readonly status: (target: AccountInRegion, stack: string) => Promise<string | undefined>;
  /** The first failure of the stack's last operation. */
  readonly failure: (target: AccountInRegion, stack: string) => Promise<StackFailure | undefined>;
  readonly remove: (target: AccountInRegion, stack: string, token: string) => Promise<void>;
  readonly outputs: (target: AccountInRegion, stack: string) => Promise<Readonly<Record<string, string>>>;
};

/** The port to the functions in the target accounts. */
import type { AccountInRegion } from "./target.ts";

export type TargetFunctions = {
  /**
   * Waits for the answer. `failed` is the function's own error text. `busy` means that Lambda did not run it,
   * because its concurrency limit is reached.
   */
  readonly call: (
    target: AccountInRegion,
    name: string,
    payload: string,
  ) => Promise<{ readonly answer: string } | { readonly failed: string } | { readonly busy: true }>;
};

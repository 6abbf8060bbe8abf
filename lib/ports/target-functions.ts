/** The port to the functions in the target accounts. */
import type { AccountInRegion } from "./target.ts";

export type TargetFunctions = {
  /**
   * Waits for the answer; what the function threw instead comes back as `failed`, in its words. `busy`: it was not
   * called, because as many calls as it takes at once are under way.
   */
  readonly call: (
    target: AccountInRegion,
    name: string,
    payload: string,
  ) => Promise<{ readonly answer: string } | { readonly failed: string } | { readonly busy: true }>;
};

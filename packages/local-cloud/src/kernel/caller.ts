/** The account and the address of a call, as its principal determines them. */
import type { Principal } from "./principal.ts";

export const accountOf = (principal: Principal): string => ("account" in principal ? principal.account : "");

/** Calls a service makes on its own have its name where callers have an address. */
export const sourceOf = (principal: Principal): string =>
  principal.kind === "service" ? principal.service : "127.0.0.1";

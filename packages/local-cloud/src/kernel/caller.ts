/** The account and the address of a call, as its principal determines them. */
import type { Principal } from "./principal.ts";

export const accountOf = (principal: Principal): string => ("account" in principal ? principal.account : "");

/** For calls that a service makes by itself, the service's name stands in place of the caller's address. */
export const sourceOf = (principal: Principal): string =>
  principal.kind === "service" ? principal.service : "127.0.0.1";

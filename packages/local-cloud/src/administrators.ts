/** Decides whether an access key of twelve digits, or an unknown one, is an account's administrator at a door of the cloud. */

/**
 * `any`: with any secret. `secrets`: when the request is signed with one of them. Functions and builds come
 * through a door of their own, where only the cloud's own secret counts: without it every artifact would be
 * the administrator of every account.
 */
export type Administrators =
  | { readonly kind: "any" }
  | { readonly kind: "secrets"; readonly secrets: readonly string[] };

/** The main port. With `adminSecret` the cloud is strict. */
export const mainDoor = (adminSecret: string | undefined, ownSecret: string): Administrators =>
  adminSecret === undefined ? { kind: "any" } : { kind: "secrets", secrets: [adminSecret, ownSecret] };

/** The port of functions and builds. The cloud signs the addresses at which custom resources answer. */
export const sandboxDoor = (ownSecret: string): Administrators => ({ kind: "secrets", secrets: [ownSecret] });

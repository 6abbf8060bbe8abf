/** The location of a target environment: an account and a region. */

export type AccountInRegion = { readonly account: string; readonly region: string };

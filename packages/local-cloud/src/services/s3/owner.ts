/** Makes S3's owners: each account has a canonical user id. */
import { createHash } from "node:crypto";
import type { Principal } from "#cloud/kernel/principal.ts";

/**
 * AWS's canonical ids are random. These ids are computed from the account, so that they are always the same.
 */
export const ownerOf = (account: string): { readonly ID: string } => ({
  ID: createHash("sha256").update(`canonical user of ${account}`).digest("hex"),
});

/** Returns the requester as events and uploads write it. */
export const requesterOf = (principal: Principal): string =>
  principal.kind === "service"
    ? principal.service
    : principal.kind === "anonymous"
      ? "anonymous"
      : principal.account;

/** Owners as S3 writes them: a canonical user id per account. */
import { createHash } from "node:crypto";
import type { Principal } from "#cloud/kernel/principal.ts";

/** AWS's canonical ids are random; these are the account's own, so that they are the same everywhere. */
export const ownerOf = (account: string): { readonly ID: string } => ({
  ID: createHash("sha256").update(`canonical user of ${account}`).digest("hex"),
});

/** How events and uploads name who made a request. */
export const requesterOf = (principal: Principal): string =>
  principal.kind === "service"
    ? principal.service
    : principal.kind === "anonymous"
      ? "anonymous"
      : principal.account;

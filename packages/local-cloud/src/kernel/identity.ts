/**
 * Finds the owner of an access key. IAM and STS know the keys they issued; a key of twelve digits belongs
 * to that account's administrator.
 */
import type { Principal } from "./principal.ts";

type Identity = {
  readonly principal: Principal;
  /** Absent for administrators, for whom any secret is valid. */
  readonly secretAccessKey?: string;
  readonly sessionToken?: string;
  readonly expiration?: Date;
};

export type Identities = { readonly find: (accessKeyId: string) => Identity | undefined };

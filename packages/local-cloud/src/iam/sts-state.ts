/**
 * Defines the credentials that STS issued in an account. Expired credentials stay, so that a late caller
 * gets "expired".
 */
import type { Principal } from "#cloud/kernel/principal.ts";
import type { OpenTable, Table } from "#cloud/kernel/store.ts";

type IssuedCredentials = {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken: string;
  readonly expiration: Date;
  readonly principal: Principal;
};

export type StsState = {
  /** Keyed by access key id. */
  readonly issued: Table<IssuedCredentials>;
  /** Session tags that pass on to roles assumed from a session, keyed by its `aws:userid`. */
  readonly transitive: Table<Readonly<Record<string, string>>>;
};

export const openStsState = (table: OpenTable): StsState => ({
  issued: table("issued"),
  transitive: table("transitive"),
});

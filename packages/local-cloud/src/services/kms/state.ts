/** Declares the state of KMS in one account and region: keys with their material, aliases and grants. */
import type * as sdk from "@aws-sdk/client-kms";
import type { Call, OperationOf, Operations } from "#cloud/kernel/service.ts";
import type { OpenTable, Table } from "#cloud/kernel/store.ts";

export type KmsOperation<Name extends keyof Operations<typeof sdk, State>> = OperationOf<
  typeof sdk,
  State,
  Name
>;
export type KmsCall = Call<State>;

export type Key = {
  readonly id: string;
  readonly arn: string;
  readonly account: string;
  readonly region: string;
  readonly createdAt: Date;
  readonly description: string;
  readonly state: "Enabled" | "Disabled" | "PendingDeletion" | "PendingReplicaDeletion";
  readonly deletionDate?: Date;
  /** The waiting period of a primary key whose replicas still exist. */
  readonly pendingDays?: number;
  readonly policy: string;
  readonly tags: readonly sdk.Tag[];
  /** `AWS`: a service made the key for its own use in this account. */
  readonly manager: "CUSTOMER" | "AWS";
  readonly rotation?: { readonly days: number; readonly next: Date };
  /**
   * The region of a multi-Region key's primary, and the regions of the primary's replicas. All copies share
   * the id and the material only.
   */
  readonly multiRegion?: { readonly primary: string; readonly replicas: readonly string[] };
  /** AES-256 keys, the newest last. An older key still decrypts its own ciphertexts. */
  readonly material: readonly { readonly bytes: Uint8Array; readonly since: Date }[];
};

export type Alias = {
  readonly name: string;
  readonly keyId: string;
  readonly createdAt: Date;
  readonly updatedAt: Date;
};

export type Grant = {
  readonly id: string;
  readonly token: string;
  readonly keyId: string;
  readonly name?: string;
  readonly createdAt: Date;
  readonly grantee: string;
  readonly retiring?: string;
  readonly operations: readonly sdk.GrantOperation[];
  readonly constraints?: sdk.GrantConstraints;
  readonly issuer: string;
};

export type State = {
  readonly keys: Table<Key>;
  readonly aliases: Table<Alias>;
  readonly grants: Table<Grant>;
};

export const createState = (table: OpenTable): State => ({
  keys: table<Key>("keys"),
  aliases: table<Alias>("aliases"),
  grants: table<Grant>("grants"),
});

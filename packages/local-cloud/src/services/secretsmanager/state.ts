/** What Secrets Manager keeps in an account and region: secrets with their versions, each under a data key of KMS. */
import type * as sdk from "@aws-sdk/client-secrets-manager";
import type { Call, OperationOf, Operations } from "#cloud/kernel/service.ts";
import type { OpenTable, Table } from "#cloud/kernel/store.ts";

export type SecretOperation<Name extends keyof Operations<typeof sdk, State>> = OperationOf<
  typeof sdk,
  State,
  Name
>;
export type SecretCall = Call<State>;

/** A value closed with a data key, which only KMS can open. */
export type Sealed = {
  readonly kind: "text" | "binary";
  readonly dataKey: Uint8Array;
  readonly nonce: Uint8Array;
  readonly tag: Uint8Array;
  readonly bytes: Uint8Array;
};

export type SecretVersion = {
  readonly id: string;
  /** None: deprecated. */
  readonly stages: readonly string[];
  readonly createdAt: Date;
  readonly accessedAt?: Date;
  readonly value: Sealed;
};

export type Secret = {
  readonly name: string;
  readonly arn: string;
  readonly account: string;
  readonly region: string;
  readonly description?: string;
  readonly kmsKeyId?: string;
  readonly tags: readonly sdk.Tag[];
  readonly policy?: string;
  readonly createdAt: Date;
  readonly changedAt: Date;
  readonly accessedAt?: Date;
  /** When it was marked for deletion, and when it will be gone. */
  readonly deletedAt?: Date;
  readonly goneAt?: Date;
  /** Oldest first. */
  readonly versions: readonly SecretVersion[];
};

export type State = { readonly secrets: Table<Secret> };

export const createState = (table: OpenTable): State => ({ secrets: table<Secret>("secrets") });

/**
 * Declares the state of Secrets Manager in one account and region: secrets and their versions. Each version
 * has its own KMS data key.
 */
import type * as sdk from "@aws-sdk/client-secrets-manager";
import type { Call, OperationOf, Operations } from "#cloud/kernel/service.ts";
import type { OpenTable, Table } from "#cloud/kernel/store.ts";

export type SecretOperation<Name extends keyof Operations<typeof sdk, State>> = OperationOf<
  typeof sdk,
  State,
  Name
>;
export type SecretCall = Call<State>;

/** A value encrypted with a data key that only KMS can decrypt. */
export type Sealed = {
  readonly kind: "text" | "binary";
  readonly dataKey: Uint8Array;
  readonly nonce: Uint8Array;
  readonly tag: Uint8Array;
  readonly bytes: Uint8Array;
};

export type SecretVersion = {
  readonly id: string;
  /** A version without labels is deprecated. */
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
  /** The time of the DeleteSecret call, and the end of the recovery window. */
  readonly deletedAt?: Date;
  readonly goneAt?: Date;
  /** The oldest version comes first. */
  readonly versions: readonly SecretVersion[];
};

export type State = { readonly secrets: Table<Secret> };

export const createState = (table: OpenTable): State => ({ secrets: table<Secret>("secrets") });

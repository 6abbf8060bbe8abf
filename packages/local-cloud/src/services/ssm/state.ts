/** Declares the state of Parameter Store: parameters with their versions. */
import type { Table } from "#cloud/kernel/store.ts";

export type ParameterType = "String" | "StringList" | "SecureString";

export type ParameterVersion = {
  readonly version: number;
  readonly type: ParameterType;
  /** For a SecureString, KMS ciphertext in base64. */
  readonly value: string;
  readonly keyId: string | undefined;
  readonly description: string | undefined;
  readonly allowedPattern: string | undefined;
  readonly tier: "Standard" | "Advanced" | "Intelligent-Tiering";
  readonly policies: string | undefined;
  readonly dataType: string;
  readonly modified: Date;
  readonly modifiedBy: string;
  readonly labels: readonly string[];
};

export type Parameter = {
  readonly name: string;
  /** The oldest version comes first. */
  readonly versions: readonly ParameterVersion[];
  readonly tags: Readonly<Record<string, string>>;
};

export type SsmState = { readonly parameters: Table<Parameter> };

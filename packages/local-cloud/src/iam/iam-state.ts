/** Defines the state of IAM in an account. The IAM service writes it, and the authorizer reads it. */
import type { OpenTable, Table } from "#cloud/kernel/store.ts";

export type Tag = { readonly Key: string; readonly Value: string };

/** The members that roles and users share. */
export type Entity = {
  readonly name: string;
  readonly path: string;
  readonly arn: string;
  /** `AROA…` or `AIDA…`. An entity that is created again under the same name gets another id. */
  readonly id: string;
  readonly createDate: Date;
  /** Inline policies by name, as JSON text. */
  readonly inline: Readonly<Record<string, string>>;
  /** ARNs of managed policies. */
  readonly attached: readonly string[];
  readonly boundary?: string;
  readonly tags: readonly Tag[];
};

export type RoleRow = Entity & {
  readonly description?: string;
  readonly maxSessionDuration: number;
  /** JSON text. Roles and users among the principals are stored by unique id. */
  readonly trust: string;
  /** The ARNs as which those ids were written. */
  readonly trustNames: Readonly<Record<string, string>>;
  /** The last call of one of its sessions. */
  readonly lastUsed?: { readonly at: Date; readonly region: string };
};

export type UserRow = Entity;

export type PolicyVersion = {
  readonly id: string;
  readonly document: string;
  readonly createDate: Date;
};

export type PolicyRow = {
  readonly name: string;
  readonly path: string;
  readonly arn: string;
  readonly id: string;
  readonly description?: string;
  readonly createDate: Date;
  readonly updateDate: Date;
  readonly defaultVersion: string;
  readonly versions: readonly PolicyVersion[];
  readonly nextVersion: number;
  readonly tags: readonly Tag[];
};

export type AccessKeyRow = {
  readonly id: string;
  readonly secret: string;
  readonly userName: string;
  readonly status: "Active" | "Inactive";
  readonly createDate: Date;
};

export type ProviderRow = {
  readonly arn: string;
  readonly url: string;
  readonly clientIds: readonly string[];
  readonly thumbprints: readonly string[];
  readonly createDate: Date;
  readonly tags: readonly Tag[];
};

export type InstanceProfileRow = {
  readonly name: string;
  readonly path: string;
  readonly arn: string;
  readonly id: string;
  readonly createDate: Date;
  readonly role?: string;
  readonly tags: readonly Tag[];
};

export type IamState = {
  /**
   * Keyed by lower-case name, because two names in IAM cannot differ only by case (IAM API Reference,
   * CreateUser).
   */
  readonly roles: Table<RoleRow>;
  readonly users: Table<UserRow>;
  /** Keyed by ARN. */
  readonly policies: Table<PolicyRow>;
  /** Keyed by access key id. */
  readonly accessKeys: Table<AccessKeyRow>;
  /** OpenID Connect providers, keyed by ARN. */
  readonly providers: Table<ProviderRow>;
  /** Keyed by lower-case name. */
  readonly instanceProfiles: Table<InstanceProfileRow>;
};

export const openIamState = (table: OpenTable): IamState => ({
  roles: table("roles"),
  users: table("users"),
  policies: table("policies"),
  accessKeys: table("access-keys"),
  providers: table("providers"),
  instanceProfiles: table("instance-profiles"),
});

/** Returns the role that an ARN names, path included. */
export function roleByArn(iam: (account: string) => IamState | undefined, arn: string): RoleRow | undefined {
  const [, account, name] = /^arn:aws:iam::(\d{12}):role\/(?:.*\/)?([^/]+)$/.exec(arn) ?? [];
  if (account === undefined || name === undefined) return undefined;
  const role = iam(account)?.roles.get(name.toLowerCase());
  return role?.arn === arn ? role : undefined;
}

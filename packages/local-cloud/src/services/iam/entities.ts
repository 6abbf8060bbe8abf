/** Finds and changes roles and users by name, and builds the access requests of operations on them. */
import type { Entity, IamState, RoleRow, UserRow } from "#cloud/iam/iam-state.ts";
import type { AccessRequest, ConditionValue } from "#cloud/kernel/access.ts";
import { type IamCall, noSuchEntity } from "./operation.ts";

export type Kind = "role" | "user";

export const roleNamed = (state: IamState, name = ""): RoleRow => {
  const role = state.roles.get(name.toLowerCase());
  if (role === undefined) throw noSuchEntity(`The role with name ${name} cannot be found.`);
  return role;
};

export const userNamed = (state: IamState, name = ""): UserRow => {
  const user = state.users.get(name.toLowerCase());
  if (user === undefined) throw noSuchEntity(`The user with name ${name} cannot be found.`);
  return user;
};

export const entityNamed = (state: IamState, kind: Kind, name?: string): Entity =>
  kind === "role" ? roleNamed(state, name) : userNamed(state, name);

/** A change of a role or user. `boundary: null` removes the permissions boundary. */
type EntityChange = {
  readonly inline?: Entity["inline"];
  readonly attached?: Entity["attached"];
  readonly tags?: Entity["tags"];
  readonly boundary?: string | null;
};

export function changeEntity(state: IamState, kind: Kind, name: string, change: EntityChange): void {
  const { boundary: given, ...rest } = change;
  const changed = <Row extends Entity>({ boundary: old, ...row }: Row) => {
    const boundary = given === undefined ? old : (given ?? undefined);
    return { ...row, ...rest, ...(boundary !== undefined && { boundary }) };
  };
  const key = name.toLowerCase();
  if (kind === "role") state.roles.set(key, changed(roleNamed(state, name)));
  else state.users.set(key, changed(userNamed(state, name)));
}

type Context = Readonly<Record<string, ConditionValue | undefined>>;

/**
 * Returns the access request for one role or user. Policies may test its tags and its permissions boundary.
 */
export function entityAccess(
  kind: Kind,
  action: string,
  name: string | undefined,
  call: IamCall,
  context: Context = {},
): AccessRequest {
  const entity = (kind === "role" ? call.state.roles : call.state.users).get((name ?? "").toLowerCase());
  return {
    action: `iam:${action}`,
    resource: entity?.arn ?? entityArn(kind, call.account, "/", name ?? ""),
    context: {
      ...(entity?.boundary !== undefined && { "iam:PermissionsBoundary": entity.boundary }),
      ...context,
    },
    tags: Object.fromEntries((entity?.tags ?? []).map(({ Key, Value }) => [Key, Value])),
  };
}

/**
 * Returns the access request of a list operation on a path, by default `/`. A policy's `*` covers every path.
 */
export const listAccess = (
  kind: Kind,
  action: string,
  path: string | undefined,
  call: IamCall,
): AccessRequest => ({
  action: `iam:${action}`,
  resource: `arn:aws:iam::${call.account}:${kind}${path ?? "/"}`,
});

export const entityArn = (kind: Kind, account: string, path: string, name: string): string =>
  `arn:aws:iam::${account}:${kind}${path}${name}`;

/** Sets and removes the permissions boundaries of roles and users. */
import { requirePolicy } from "./attached-policies.ts";
import { changeEntity, entityAccess, entityNamed, type Kind } from "./entities.ts";
import { type IamCall, type IamOperation, noSuchEntity } from "./operation.ts";

export const putRolePermissionsBoundary: IamOperation<"PutRolePermissionsBoundary"> = {
  access: (input, call) =>
    entityAccess("role", "PutRolePermissionsBoundary", input.RoleName, call, {
      "iam:PermissionsBoundary": input.PermissionsBoundary,
    }),
  run: (input, call) => put("role", input.RoleName, input.PermissionsBoundary, call),
};

export const putUserPermissionsBoundary: IamOperation<"PutUserPermissionsBoundary"> = {
  access: (input, call) =>
    entityAccess("user", "PutUserPermissionsBoundary", input.UserName, call, {
      "iam:PermissionsBoundary": input.PermissionsBoundary,
    }),
  run: (input, call) => put("user", input.UserName, input.PermissionsBoundary, call),
};

export const deleteRolePermissionsBoundary: IamOperation<"DeleteRolePermissionsBoundary"> = {
  access: (input, call) => entityAccess("role", "DeleteRolePermissionsBoundary", input.RoleName, call),
  run: (input, call) => remove("role", input.RoleName, call),
};

export const deleteUserPermissionsBoundary: IamOperation<"DeleteUserPermissionsBoundary"> = {
  access: (input, call) => entityAccess("user", "DeleteUserPermissionsBoundary", input.UserName, call),
  run: (input, call) => remove("user", input.UserName, call),
};

function put(kind: Kind, name: string | undefined, boundary = "", call: IamCall): Record<string, never> {
  const entity = entityNamed(call.state, kind, name);
  requirePolicy(call, boundary);
  changeEntity(call.state, kind, entity.name, { boundary });
  return {};
}

function remove(kind: Kind, name: string | undefined, { state }: IamCall): Record<string, never> {
  const entity = entityNamed(state, kind, name);
  if (entity.boundary === undefined)
    throw noSuchEntity(`The ${kind} with name ${entity.name} does not have a permissions boundary attached.`);
  changeEntity(state, kind, entity.name, { boundary: null });
  return {};
}

/** Implements the inline policies of roles and users. */
import { checkInlinePolicy } from "#cloud/iam/policy-checks.ts";
import { checkName, policySize } from "./constraints.ts";
import { changeEntity, entityAccess, entityNamed, type Kind } from "./entities.ts";
import { type IamCall, type IamOperation, limitExceeded, noSuchEntity } from "./operation.ts";
import { type PageInput, page } from "./paging.ts";

/** The maximum size of one entity's inline policies together (IAM User Guide, "IAM and AWS STS quotas"). */
const LIMIT: Readonly<Record<Kind, number>> = { role: 10_240, user: 2048 };

export const putRolePolicy: IamOperation<"PutRolePolicy"> = {
  access: (input, call) => entityAccess("role", "PutRolePolicy", input.RoleName, call),
  run: (input, call) => put("role", input.RoleName, input.PolicyName, input.PolicyDocument, call),
};

export const putUserPolicy: IamOperation<"PutUserPolicy"> = {
  access: (input, call) => entityAccess("user", "PutUserPolicy", input.UserName, call),
  run: (input, call) => put("user", input.UserName, input.PolicyName, input.PolicyDocument, call),
};

export const getRolePolicy: IamOperation<"GetRolePolicy"> = {
  access: (input, call) => entityAccess("role", "GetRolePolicy", input.RoleName, call),
  run: (input, call) => ({
    RoleName: input.RoleName,
    ...get("role", input.RoleName, input.PolicyName, call),
  }),
};

export const getUserPolicy: IamOperation<"GetUserPolicy"> = {
  access: (input, call) => entityAccess("user", "GetUserPolicy", input.UserName, call),
  run: (input, call) => ({
    UserName: input.UserName,
    ...get("user", input.UserName, input.PolicyName, call),
  }),
};

export const listRolePolicies: IamOperation<"ListRolePolicies"> = {
  access: (input, call) => entityAccess("role", "ListRolePolicies", input.RoleName, call),
  run: (input, call) => list("role", input.RoleName, input, call),
};

export const listUserPolicies: IamOperation<"ListUserPolicies"> = {
  access: (input, call) => entityAccess("user", "ListUserPolicies", input.UserName, call),
  run: (input, call) => list("user", input.UserName, input, call),
};

export const deleteRolePolicy: IamOperation<"DeleteRolePolicy"> = {
  access: (input, call) => entityAccess("role", "DeleteRolePolicy", input.RoleName, call),
  run: (input, call) => remove("role", input.RoleName, input.PolicyName, call),
};

export const deleteUserPolicy: IamOperation<"DeleteUserPolicy"> = {
  access: (input, call) => entityAccess("user", "DeleteUserPolicy", input.UserName, call),
  run: (input, call) => remove("user", input.UserName, input.PolicyName, call),
};

function put(
  kind: Kind,
  name: string | undefined,
  policyName = "",
  document = "",
  { state }: IamCall,
): Record<string, never> {
  checkName("policyName", policyName, 128);
  const entity = entityNamed(state, kind, name);
  checkInlinePolicy(document);
  const inline = { ...entity.inline, [policyName]: document };
  const size = Object.values(inline).reduce((total, text) => total + policySize(text), 0);
  if (size > LIMIT[kind])
    throw limitExceeded(`Maximum policy size of ${LIMIT[kind]} bytes exceeded for ${kind} ${entity.name}`);
  changeEntity(state, kind, entity.name, { inline });
  return {};
}

function find(kind: Kind, name: string | undefined, policyName: string, { state }: IamCall) {
  const entity = entityNamed(state, kind, name);
  const document = entity.inline[policyName];
  if (document === undefined)
    throw noSuchEntity(`The ${kind} policy with name ${policyName} cannot be found.`);
  return { entity, document };
}

function get(kind: Kind, name: string | undefined, policyName = "", call: IamCall) {
  const { document } = find(kind, name, policyName, call);
  return { PolicyName: policyName, PolicyDocument: encodeURIComponent(document) };
}

function remove(kind: Kind, name: string | undefined, policyName = "", call: IamCall): Record<string, never> {
  const { entity } = find(kind, name, policyName, call);
  const { [policyName]: _removed, ...inline } = entity.inline;
  changeEntity(call.state, kind, entity.name, { inline });
  return {};
}

function list(kind: Kind, name: string | undefined, input: PageInput, { state }: IamCall) {
  const names = Object.keys(entityNamed(state, kind, name).inline);
  const { items, truncation } = page(names, (policyName) => policyName, input);
  return { PolicyNames: items, ...truncation };
}

/** Implements roles: their trust policy, maximum session duration, permissions boundary and description. */
import type { Role } from "@aws-sdk/client-iam";
import { newUniqueId } from "#cloud/iam/access-key-id.ts";
import type { RoleRow } from "#cloud/iam/iam-state.ts";
import { checkTrustPolicy } from "#cloud/iam/policy-checks.ts";
import { type PinnedPolicy, pinPrincipals, unpinPrincipals } from "#cloud/iam/trust-principals.ts";
import { requirePolicy } from "./attached-policies.ts";
import { checkName, checkPath, checkRange, policySize } from "./constraints.ts";
import { entityAccess, entityArn, listAccess, roleNamed } from "./entities.ts";
import {
  alreadyExists,
  deleteConflict,
  type IamCall,
  type IamOperation,
  quotaExceeded,
} from "./operation.ts";
import { page } from "./paging.ts";
import { mergeTags, requestTags } from "./tag-list.ts";

export const createRole: IamOperation<"CreateRole"> = {
  access: (input, call) => ({
    ...entityAccess("role", "CreateRole", input.RoleName, call, {
      "iam:PermissionsBoundary": input.PermissionsBoundary,
      ...requestTags(input.Tags),
    }),
    resource: entityArn("role", call.account, input.Path ?? "/", input.RoleName ?? ""),
    tags: {},
  }),
  run: (input, call) => {
    const { RoleName: name = "", Path: path = "/", MaxSessionDuration = 3600 } = input;
    checkName("roleName", name, 64);
    checkPath(path);
    checkRange("maxSessionDuration", MaxSessionDuration, 3600, 43_200);
    const tags = mergeTags([], input.Tags);
    if (call.state.roles.has(name.toLowerCase()))
      throw alreadyExists(`Role with name ${name} already exists.`);
    if (input.PermissionsBoundary !== undefined) requirePolicy(call, input.PermissionsBoundary);
    const trust = pinTrust(input.AssumeRolePolicyDocument, call);
    const role: RoleRow = {
      name,
      path,
      arn: entityArn("role", call.account, path, name),
      id: newUniqueId("AROA"),
      createDate: call.clock.now(),
      inline: {},
      attached: [],
      ...(input.PermissionsBoundary !== undefined && { boundary: input.PermissionsBoundary }),
      tags,
      ...(input.Description !== undefined && { description: input.Description }),
      maxSessionDuration: MaxSessionDuration,
      trust: trust.text,
      trustNames: trust.names,
    };
    call.state.roles.set(name.toLowerCase(), role);
    return { Role: roleShape(role, call) };
  },
};

export const getRole: IamOperation<"GetRole"> = {
  access: (input, call) => entityAccess("role", "GetRole", input.RoleName, call),
  run: (input, call) => {
    const role = roleNamed(call.state, input.RoleName);
    const { at, region } = role.lastUsed ?? {};
    // GetRole alone returns it, and an empty structure for a role that was not used (IAM API Reference, RoleLastUsed).
    const RoleLastUsed = at === undefined ? {} : { LastUsedDate: at, Region: region };
    return { Role: { ...roleShape(role, call), RoleLastUsed } };
  },
};

export const listRoles: IamOperation<"ListRoles"> = {
  access: (input, call) => listAccess("role", "ListRoles", input.PathPrefix, call),
  run: (input, call) => {
    const prefix = input.PathPrefix ?? "/";
    const roles = [...call.state.roles.values()].filter(({ path }) => path.startsWith(prefix));
    const { items, truncation } = page(roles, ({ name }) => name, input);
    return {
      // ListRoles omits the tags and the boundary, which only GetRole returns (IAM API Reference, ListRoles).
      Roles: items.map((role) => {
        const { Tags: _tags, PermissionsBoundary: _boundary, ...listed } = roleShape(role, call);
        return listed;
      }),
      ...truncation,
    };
  },
};

export const updateRole: IamOperation<"UpdateRole"> = {
  access: (input, call) => entityAccess("role", "UpdateRole", input.RoleName, call),
  run: ({ RoleName, Description, MaxSessionDuration = 3600 }, { state }) => {
    const role = roleNamed(state, RoleName);
    checkRange("maxSessionDuration", MaxSessionDuration, 3600, 43_200);
    state.roles.set(role.name.toLowerCase(), {
      ...role,
      ...(Description !== undefined && { description: Description }),
      maxSessionDuration: MaxSessionDuration,
    });
    return {};
  },
};

export const updateRoleDescription: IamOperation<"UpdateRoleDescription"> = {
  access: (input, call) => entityAccess("role", "UpdateRoleDescription", input.RoleName, call),
  run: ({ RoleName, Description = "" }, call) => {
    const role = { ...roleNamed(call.state, RoleName), description: Description };
    call.state.roles.set(role.name.toLowerCase(), role);
    return { Role: roleShape(role, call) };
  },
};

export const updateAssumeRolePolicy: IamOperation<"UpdateAssumeRolePolicy"> = {
  access: (input, call) => entityAccess("role", "UpdateAssumeRolePolicy", input.RoleName, call),
  run: ({ RoleName, PolicyDocument }, call) => {
    const role = roleNamed(call.state, RoleName);
    const trust = pinTrust(PolicyDocument, call);
    call.state.roles.set(role.name.toLowerCase(), { ...role, trust: trust.text, trustNames: trust.names });
    return {};
  },
};

export const deleteRole: IamOperation<"DeleteRole"> = {
  access: (input, call) => entityAccess("role", "DeleteRole", input.RoleName, call),
  run: ({ RoleName }, { state }) => {
    const role = roleNamed(state, RoleName);
    if (role.attached.length > 0)
      throw deleteConflict("Cannot delete entity, must detach all policies first.");
    if (Object.keys(role.inline).length > 0)
      throw deleteConflict("Cannot delete entity, must delete policies first.");
    if ([...state.instanceProfiles.values()].some((profile) => profile.role === role.name))
      throw deleteConflict("Cannot delete entity, must remove roles from instance profile first.");
    state.roles.delete(role.name.toLowerCase());
    return {};
  },
};

function pinTrust(text = "", call: IamCall): PinnedPolicy {
  checkTrustPolicy(text);
  if (policySize(text) > 2048) throw quotaExceeded("ACLSizePerRole", 2048);
  return pinPrincipals(text, (account) => call.stateOf(account));
}

export function roleShape(role: RoleRow, call: IamCall) {
  const trust = unpinPrincipals({ text: role.trust, names: role.trustNames }, (account) =>
    call.stateOf(account),
  );
  return {
    Path: role.path,
    RoleName: role.name,
    RoleId: role.id,
    Arn: role.arn,
    CreateDate: role.createDate,
    AssumeRolePolicyDocument: encodeURIComponent(trust),
    MaxSessionDuration: role.maxSessionDuration,
    ...(role.description !== undefined && { Description: role.description }),
    ...(role.boundary !== undefined && {
      PermissionsBoundary: {
        PermissionsBoundaryType: "PermissionsBoundaryPolicy",
        PermissionsBoundaryArn: role.boundary,
      },
    }),
    ...(role.tags.length > 0 && { Tags: [...role.tags] }),
  } satisfies Role;
}

/** Implements instance profiles. An EC2 instance receives one role through such a profile. */
import type { InstanceProfile } from "@aws-sdk/client-iam";
import { newUniqueId } from "#cloud/iam/access-key-id.ts";
import type { InstanceProfileRow } from "#cloud/iam/iam-state.ts";
import type { AccessRequest } from "#cloud/kernel/access.ts";
import { checkName, checkPath } from "./constraints.ts";
import { entityAccess, roleNamed } from "./entities.ts";
import {
  alreadyExists,
  deleteConflict,
  type IamCall,
  type IamOperation,
  limitExceeded,
  noSuchEntity,
} from "./operation.ts";
import { page } from "./paging.ts";
import { roleShape } from "./roles.ts";
import { mergeTags } from "./tag-list.ts";

export const createInstanceProfile: IamOperation<"CreateInstanceProfile"> = {
  access: (input, call) => access("CreateInstanceProfile", input.InstanceProfileName, call, input.Path),
  run: (input, call) => {
    const { InstanceProfileName: name = "", Path: path = "/" } = input;
    checkName("instanceProfileName", name, 128);
    checkPath(path);
    if (call.state.instanceProfiles.has(name.toLowerCase()))
      throw alreadyExists(`Instance Profile ${name} already exists.`);
    const profile: InstanceProfileRow = {
      name,
      path,
      arn: arnOf(call.account, path, name),
      id: newUniqueId("AIPA"),
      createDate: call.clock.now(),
      tags: mergeTags([], input.Tags),
    };
    call.state.instanceProfiles.set(name.toLowerCase(), profile);
    return { InstanceProfile: shape(profile, call) };
  },
};

export const getInstanceProfile: IamOperation<"GetInstanceProfile"> = {
  access: (input, call) => access("GetInstanceProfile", input.InstanceProfileName, call),
  run: (input, call) => ({ InstanceProfile: shape(profileNamed(call, input.InstanceProfileName), call) }),
};

export const listInstanceProfiles: IamOperation<"ListInstanceProfiles"> = {
  access: (_input, call) => access("ListInstanceProfiles", "", call),
  run: (input, call) => {
    const prefix = input.PathPrefix ?? "/";
    const profiles = [...call.state.instanceProfiles.values()].filter(({ path }) => path.startsWith(prefix));
    const { items, truncation } = page(profiles, ({ name }) => name, input);
    return { InstanceProfiles: items.map((profile) => shape(profile, call)), ...truncation };
  },
};

export const listInstanceProfilesForRole: IamOperation<"ListInstanceProfilesForRole"> = {
  access: (input, call) => entityAccess("role", "ListInstanceProfilesForRole", input.RoleName, call),
  run: (input, call) => {
    const role = roleNamed(call.state, input.RoleName);
    const profiles = [...call.state.instanceProfiles.values()].filter(
      (profile) => profile.role === role.name,
    );
    const { items, truncation } = page(profiles, ({ name }) => name, input);
    return { InstanceProfiles: items.map((profile) => shape(profile, call)), ...truncation };
  },
};

export const addRoleToInstanceProfile: IamOperation<"AddRoleToInstanceProfile"> = {
  access: (input, call) => [
    access("AddRoleToInstanceProfile", input.InstanceProfileName, call),
    {
      ...entityAccess("role", "PassRole", input.RoleName, call),
      context: { "iam:PassedToService": "ec2.amazonaws.com" },
    },
  ],
  run: ({ InstanceProfileName, RoleName }, call) => {
    const profile = profileNamed(call, InstanceProfileName);
    const role = roleNamed(call.state, RoleName);
    if (profile.role !== undefined)
      throw limitExceeded("Cannot exceed quota for InstanceSessionsPerInstanceProfile: 1");
    call.state.instanceProfiles.set(profile.name.toLowerCase(), { ...profile, role: role.name });
    return {};
  },
};

export const removeRoleFromInstanceProfile: IamOperation<"RemoveRoleFromInstanceProfile"> = {
  access: (input, call) => access("RemoveRoleFromInstanceProfile", input.InstanceProfileName, call),
  run: ({ InstanceProfileName, RoleName }, call) => {
    const { role, ...profile } = profileNamed(call, InstanceProfileName);
    if (role === undefined || role !== roleNamed(call.state, RoleName).name)
      throw noSuchEntity(`The role with name ${RoleName} cannot be found.`);
    call.state.instanceProfiles.set(profile.name.toLowerCase(), profile);
    return {};
  },
};

export const deleteInstanceProfile: IamOperation<"DeleteInstanceProfile"> = {
  access: (input, call) => access("DeleteInstanceProfile", input.InstanceProfileName, call),
  run: ({ InstanceProfileName }, call) => {
    const profile = profileNamed(call, InstanceProfileName);
    if (profile.role !== undefined)
      throw deleteConflict("Cannot delete entity, must remove roles from instance profile first.");
    call.state.instanceProfiles.delete(profile.name.toLowerCase());
    return {};
  },
};

function profileNamed({ state }: IamCall, name = ""): InstanceProfileRow {
  const profile = state.instanceProfiles.get(name.toLowerCase());
  if (profile === undefined) throw noSuchEntity(`Instance Profile ${name} cannot be found.`);
  return profile;
}

const access = (action: string, name = "", call: IamCall, path = "/"): AccessRequest => ({
  action: `iam:${action}`,
  resource: call.state.instanceProfiles.get(name.toLowerCase())?.arn ?? arnOf(call.account, path, name),
});

const arnOf = (account: string, path: string, name: string): string =>
  `arn:aws:iam::${account}:instance-profile${path}${name}`;

function shape(profile: InstanceProfileRow, call: IamCall): InstanceProfile {
  const role = profile.role === undefined ? undefined : call.state.roles.get(profile.role.toLowerCase());
  return {
    Path: profile.path,
    InstanceProfileName: profile.name,
    InstanceProfileId: profile.id,
    Arn: profile.arn,
    CreateDate: profile.createDate,
    Roles: role ? [roleShape(role, call)] : [],
    ...(profile.tags.length > 0 && { Tags: [...profile.tags] }),
  };
}

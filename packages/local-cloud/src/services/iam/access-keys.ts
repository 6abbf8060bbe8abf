/**
 * Implements the access keys of users: at most two; only CreateAccessKey returns the secret (IAM User Guide,
 * "IAM and AWS STS quotas"; IAM API Reference, CreateAccessKey).
 */
import { newAccessKeyId, newSecret } from "#cloud/iam/access-key-id.ts";
import type { AccessKeyRow } from "#cloud/iam/iam-state.ts";
import { AwsError } from "#cloud/kernel/aws-error.ts";
import { entityAccess, userNamed } from "./entities.ts";
import { type IamCall, type IamOperation, noSuchEntity, quotaExceeded } from "./operation.ts";
import { page } from "./paging.ts";
import { ownName } from "./users.ts";

const PER_USER = 2;

export const createAccessKey: IamOperation<"CreateAccessKey"> = {
  access: (input, call) => entityAccess("user", "CreateAccessKey", input.UserName ?? ownName(call), call),
  run: ({ UserName }, call) => {
    const user = userNamed(call.state, target(UserName, call));
    if (keysOf(call, user.name).length >= PER_USER) throw quotaExceeded("AccessKeysPerUser", PER_USER);
    const key: AccessKeyRow = {
      id: newAccessKeyId("AKIA", call.account),
      secret: newSecret(),
      userName: user.name,
      status: "Active",
      createDate: call.clock.now(),
    };
    call.state.accessKeys.set(key.id, key);
    return { AccessKey: { ...shape(key), SecretAccessKey: key.secret } };
  },
};

export const listAccessKeys: IamOperation<"ListAccessKeys"> = {
  access: (input, call) => entityAccess("user", "ListAccessKeys", input.UserName ?? ownName(call), call),
  run: (input, call) => {
    const user = userNamed(call.state, target(input.UserName, call));
    const { items, truncation } = page(keysOf(call, user.name), ({ id }) => id, input);
    return { AccessKeyMetadata: items.map(shape), ...truncation };
  },
};

export const updateAccessKey: IamOperation<"UpdateAccessKey"> = {
  access: (input, call) => entityAccess("user", "UpdateAccessKey", input.UserName ?? ownName(call), call),
  run: ({ UserName, AccessKeyId, Status }, call) => {
    const key = find(AccessKeyId, UserName, call);
    call.state.accessKeys.set(key.id, { ...key, status: Status === "Active" ? "Active" : "Inactive" });
    return {};
  },
};

export const deleteAccessKey: IamOperation<"DeleteAccessKey"> = {
  access: (input, call) => entityAccess("user", "DeleteAccessKey", input.UserName ?? ownName(call), call),
  run: ({ UserName, AccessKeyId }, call) => {
    call.state.accessKeys.delete(find(AccessKeyId, UserName, call).id);
    return {};
  },
};

function target(userName: string | undefined, call: IamCall): string {
  const name = userName ?? ownName(call);
  if (name === undefined)
    throw new AwsError("ValidationError", "Must specify userName when calling with non-User credentials");
  return name;
}

function find(id = "", userName: string | undefined, call: IamCall): AccessKeyRow {
  const user = userNamed(call.state, target(userName, call));
  const key = call.state.accessKeys.get(id);
  if (key?.userName !== user.name) throw noSuchEntity(`The Access Key with id ${id} cannot be found.`);
  return key;
}

const keysOf = ({ state }: IamCall, userName: string): readonly AccessKeyRow[] =>
  [...state.accessKeys.values()].filter((key) => key.userName === userName);

const shape = (key: AccessKeyRow) => ({
  UserName: key.userName,
  AccessKeyId: key.id,
  Status: key.status,
  CreateDate: key.createDate,
});

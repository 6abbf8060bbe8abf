/** Implements users: long-lived identities for clients that cannot assume a role. */
import type { User } from "@aws-sdk/client-iam";
import { newUniqueId } from "#cloud/iam/access-key-id.ts";
import type { UserRow } from "#cloud/iam/iam-state.ts";
import { AwsError } from "#cloud/kernel/aws-error.ts";
import { requirePolicy } from "./attached-policies.ts";
import { checkName, checkPath } from "./constraints.ts";
import { entityAccess, entityArn, listAccess, userNamed } from "./entities.ts";
import { alreadyExists, deleteConflict, type IamCall, type IamOperation } from "./operation.ts";
import { page } from "./paging.ts";
import { mergeTags, requestTags } from "./tag-list.ts";

export const createUser: IamOperation<"CreateUser"> = {
  access: (input, call) => ({
    ...entityAccess("user", "CreateUser", input.UserName, call, {
      "iam:PermissionsBoundary": input.PermissionsBoundary,
      ...requestTags(input.Tags),
    }),
    resource: entityArn("user", call.account, input.Path ?? "/", input.UserName ?? ""),
    tags: {},
  }),
  run: (input, call) => {
    const { UserName: name = "", Path: path = "/" } = input;
    checkName("userName", name, 64);
    checkPath(path);
    const tags = mergeTags([], input.Tags);
    if (call.state.users.has(name.toLowerCase()))
      throw alreadyExists(`User with name ${name} already exists.`);
    if (input.PermissionsBoundary !== undefined) requirePolicy(call, input.PermissionsBoundary);
    const user: UserRow = {
      name,
      path,
      arn: entityArn("user", call.account, path, name),
      id: newUniqueId("AIDA"),
      createDate: call.clock.now(),
      inline: {},
      attached: [],
      ...(input.PermissionsBoundary !== undefined && { boundary: input.PermissionsBoundary }),
      tags,
    };
    call.state.users.set(name.toLowerCase(), user);
    return { User: userShape(user) };
  },
};

export const getUser: IamOperation<"GetUser"> = {
  access: (input, call) => entityAccess("user", "GetUser", input.UserName ?? ownName(call), call),
  run: ({ UserName }, call) => {
    const name = UserName ?? ownName(call);
    if (name !== undefined) return { User: userShape(userNamed(call.state, name)) };
    if (call.principal.kind !== "account")
      throw new AwsError("ValidationError", "Must specify userName when calling with non-User credentials");
    // The caller is the root user of the account.
    return {
      User: {
        Path: "/",
        UserName: "root",
        UserId: call.account,
        Arn: call.principal.arn,
        CreateDate: new Date(0),
      },
    };
  },
};

export const listUsers: IamOperation<"ListUsers"> = {
  access: (input, call) => listAccess("user", "ListUsers", input.PathPrefix, call),
  run: (input, { state }) => {
    const prefix = input.PathPrefix ?? "/";
    const users = [...state.users.values()].filter(({ path }) => path.startsWith(prefix));
    const { items, truncation } = page(users, ({ name }) => name, input);
    return {
      Users: items.map((user) => {
        const { Tags: _tags, PermissionsBoundary: _boundary, ...listed } = userShape(user);
        return listed;
      }),
      ...truncation,
    };
  },
};

export const deleteUser: IamOperation<"DeleteUser"> = {
  access: (input, call) => entityAccess("user", "DeleteUser", input.UserName, call),
  run: ({ UserName }, { state }) => {
    const user = userNamed(state, UserName);
    if ([...state.accessKeys.values()].some((key) => key.userName === user.name))
      throw deleteConflict("Cannot delete entity, must delete access keys first.");
    if (user.attached.length > 0)
      throw deleteConflict("Cannot delete entity, must detach all policies first.");
    if (Object.keys(user.inline).length > 0)
      throw deleteConflict("Cannot delete entity, must delete policies first.");
    state.users.delete(user.name.toLowerCase());
    return {};
  },
};

export const ownName = ({ principal }: IamCall): string | undefined =>
  principal.kind === "user" ? principal.userName : undefined;

const userShape = (user: UserRow) =>
  ({
    Path: user.path,
    UserName: user.name,
    UserId: user.id,
    Arn: user.arn,
    CreateDate: user.createDate,
    ...(user.boundary !== undefined && {
      PermissionsBoundary: {
        PermissionsBoundaryType: "PermissionsBoundaryPolicy",
        PermissionsBoundaryArn: user.boundary,
      },
    }),
    ...(user.tags.length > 0 && { Tags: [...user.tags] }),
  }) satisfies User;

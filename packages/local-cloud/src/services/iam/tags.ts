/** Implements the tags of roles and users. */
import type { Tag } from "#cloud/iam/iam-state.ts";
import { changeEntity, entityAccess, entityNamed, type Kind } from "./entities.ts";
import type { IamCall, IamOperation } from "./operation.ts";
import { type PageInput, page } from "./paging.ts";
import { mergeTags, requestTags } from "./tag-list.ts";

export const tagRole: IamOperation<"TagRole"> = {
  access: (input, call) => entityAccess("role", "TagRole", input.RoleName, call, requestTags(input.Tags)),
  run: (input, call) => tag("role", input.RoleName, input.Tags, call),
};

export const tagUser: IamOperation<"TagUser"> = {
  access: (input, call) => entityAccess("user", "TagUser", input.UserName, call, requestTags(input.Tags)),
  run: (input, call) => tag("user", input.UserName, input.Tags, call),
};

export const untagRole: IamOperation<"UntagRole"> = {
  access: (input, call) =>
    entityAccess("role", "UntagRole", input.RoleName, call, { "aws:TagKeys": input.TagKeys ?? [] }),
  run: (input, call) => untag("role", input.RoleName, input.TagKeys, call),
};

export const untagUser: IamOperation<"UntagUser"> = {
  access: (input, call) =>
    entityAccess("user", "UntagUser", input.UserName, call, { "aws:TagKeys": input.TagKeys ?? [] }),
  run: (input, call) => untag("user", input.UserName, input.TagKeys, call),
};

export const listRoleTags: IamOperation<"ListRoleTags"> = {
  access: (input, call) => entityAccess("role", "ListRoleTags", input.RoleName, call),
  run: (input, call) => list("role", input.RoleName, input, call),
};

export const listUserTags: IamOperation<"ListUserTags"> = {
  access: (input, call) => entityAccess("user", "ListUserTags", input.UserName, call),
  run: (input, call) => list("user", input.UserName, input, call),
};

function tag(
  kind: Kind,
  name: string | undefined,
  tags: Parameters<typeof mergeTags>[1],
  { state }: IamCall,
): Record<string, never> {
  const entity = entityNamed(state, kind, name);
  changeEntity(state, kind, entity.name, { tags: mergeTags(entity.tags, tags) });
  return {};
}

function untag(
  kind: Kind,
  name: string | undefined,
  keys: readonly string[] = [],
  { state }: IamCall,
): Record<string, never> {
  const entity = entityNamed(state, kind, name);
  const removed = new Set(keys.map((key) => key.toLowerCase()));
  changeEntity(state, kind, entity.name, {
    tags: entity.tags.filter(({ Key }) => !removed.has(Key.toLowerCase())),
  });
  return {};
}

function list(
  kind: Kind,
  name: string | undefined,
  input: PageInput,
  { state }: IamCall,
): { Tags: Tag[]; IsTruncated: boolean; Marker?: string } {
  const { items, truncation } = page(entityNamed(state, kind, name).tags, ({ Key }) => Key, input);
  return { Tags: items, ...truncation };
}

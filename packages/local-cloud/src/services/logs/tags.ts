/** These operations tag log groups by ARN. Older clients pass a name instead. */
import type * as logs from "@aws-sdk/client-cloudwatch-logs";
import type { Call, OperationOf } from "#cloud/kernel/service.ts";
import { findGroup, groupAccess } from "./find-group.ts";
import type { LogsState } from "./state.ts";

function add(group: string | undefined, tags: Readonly<Record<string, string>>, call: Call<LogsState>) {
  const found = findGroup(group, call);
  call.state.groups.set(found.name, { ...found, tags: { ...found.tags, ...tags } });
  return {};
}

function remove(group: string | undefined, keys: readonly string[], call: Call<LogsState>) {
  const found = findGroup(group, call);
  const tags = Object.fromEntries(Object.entries(found.tags).filter(([key]) => !keys.includes(key)));
  call.state.groups.set(found.name, { ...found, tags });
  return {};
}

export const tagResource: OperationOf<typeof logs, LogsState, "TagResource"> = {
  access: ({ resourceArn }, call) => groupAccess("TagResource", resourceArn, call),
  run: ({ resourceArn, tags = {} }, call) => add(resourceArn, tags, call),
};

export const untagResource: OperationOf<typeof logs, LogsState, "UntagResource"> = {
  access: ({ resourceArn }, call) => groupAccess("UntagResource", resourceArn, call),
  run: ({ resourceArn, tagKeys = [] }, call) => remove(resourceArn, tagKeys, call),
};

export const listTagsForResource: OperationOf<typeof logs, LogsState, "ListTagsForResource"> = {
  access: ({ resourceArn }, call) => groupAccess("ListTagsForResource", resourceArn, call),
  run: ({ resourceArn }, call) => ({ tags: { ...findGroup(resourceArn, call).tags } }),
};

export const tagLogGroup: OperationOf<typeof logs, LogsState, "TagLogGroup"> = {
  access: ({ logGroupName }, call) => groupAccess("TagLogGroup", logGroupName, call),
  run: ({ logGroupName, tags = {} }, call) => add(logGroupName, tags, call),
};

export const untagLogGroup: OperationOf<typeof logs, LogsState, "UntagLogGroup"> = {
  access: ({ logGroupName }, call) => groupAccess("UntagLogGroup", logGroupName, call),
  run: ({ logGroupName, tags = [] }, call) => remove(logGroupName, tags, call),
};

export const listTagsLogGroup: OperationOf<typeof logs, LogsState, "ListTagsLogGroup"> = {
  access: ({ logGroupName }, call) => groupAccess("ListTagsLogGroup", logGroupName, call),
  run: ({ logGroupName }, call) => ({ tags: { ...findGroup(logGroupName, call).tags } }),
};

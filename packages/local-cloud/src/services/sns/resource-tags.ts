/** TagResource, UntagResource and ListTagsForResource edit and list the tags of topics. */
import type * as sns from "@aws-sdk/client-sns";
import type { OperationOf } from "#cloud/kernel/service.ts";
import { findTopic, topicAccess } from "./find-topic.ts";
import type { SnsState } from "./state.ts";

export const toTags = (list: readonly sns.Tag[]): Readonly<Record<string, string>> =>
  Object.fromEntries(list.map(({ Key = "", Value = "" }) => [Key, Value]));

export const tagResource: OperationOf<typeof sns, SnsState, "TagResource"> = {
  access: ({ ResourceArn, Tags = [] }, call) =>
    topicAccess("TagResource", ResourceArn, call, { "aws:TagKeys": Tags.map(({ Key = "" }) => Key) }),
  run: ({ ResourceArn, Tags = [] }, call) => {
    const { topic, state } = findTopic(ResourceArn, call);
    state.topics.set(topic.name, { ...topic, tags: { ...topic.tags, ...toTags(Tags) } });
    return {};
  },
};

export const untagResource: OperationOf<typeof sns, SnsState, "UntagResource"> = {
  access: ({ ResourceArn, TagKeys = [] }, call) =>
    topicAccess("UntagResource", ResourceArn, call, { "aws:TagKeys": TagKeys }),
  run: ({ ResourceArn, TagKeys = [] }, call) => {
    const { topic, state } = findTopic(ResourceArn, call);
    const tags = Object.fromEntries(Object.entries(topic.tags).filter(([key]) => !TagKeys.includes(key)));
    state.topics.set(topic.name, { ...topic, tags });
    return {};
  },
};

export const listTagsForResource: OperationOf<typeof sns, SnsState, "ListTagsForResource"> = {
  access: ({ ResourceArn }, call) => topicAccess("ListTagsForResource", ResourceArn, call),
  run: ({ ResourceArn }, call) => ({
    Tags: Object.entries(findTopic(ResourceArn, call).topic.tags).map(([Key, Value]) => ({ Key, Value })),
  }),
};

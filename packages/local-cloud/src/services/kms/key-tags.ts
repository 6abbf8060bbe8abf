/** These operations add, remove and list the tags of keys. */
import type { Tag } from "@aws-sdk/client-kms";
import { AwsError } from "#cloud/kernel/aws-error.ts";
import { customerKey, findKey, notPending } from "./find-key.ts";
import { keyAccess, onKey } from "./key-access.ts";
import { page } from "./paging.ts";
import type { KmsOperation } from "./state.ts";

export function checkTags(tags: readonly Tag[]): readonly Tag[] {
  const keys = tags.map(({ TagKey = "" }) => TagKey);
  if (keys.some((key) => key.startsWith("aws:")))
    throw new AwsError("TagException", "aws: prefixed tag key names are not allowed for external use.");
  if (
    keys.some((key) => key === "" || key.length > 128) ||
    tags.some(({ TagValue = "" }) => TagValue.length > 256)
  )
    throw new AwsError("TagException", "A tag key has 1 to 128 characters, a tag value at most 256.");
  if (new Set(keys).size < keys.length) throw new AwsError("TagException", "Duplicate tag keys");
  if (keys.length > 50) throw new AwsError("TagException", "Too many tags");
  return tags;
}

export const tagResource: KmsOperation<"TagResource"> = {
  access: (input, call) =>
    keyAccess(customerKey(input.KeyId, call, "TagResource"), "TagResource", input, call, {
      ...Object.fromEntries(
        (input.Tags ?? []).map(({ TagKey, TagValue }) => [`aws:RequestTag/${TagKey}`, TagValue]),
      ),
      "aws:TagKeys": (input.Tags ?? []).map(({ TagKey }) => TagKey ?? ""),
    }),
  run: (input, call) => {
    const key = notPending(findKey(input.KeyId, call));
    const added = checkTags(input.Tags ?? []);
    const kept = key.tags.filter(({ TagKey }) => !added.some((tag) => tag.TagKey === TagKey));
    call.stateOf(key.account, key.region).keys.set(key.id, { ...key, tags: checkTags([...kept, ...added]) });
    return {};
  },
};

export const untagResource: KmsOperation<"UntagResource"> = {
  access: (input, call) =>
    keyAccess(customerKey(input.KeyId, call, "UntagResource"), "UntagResource", input, call, {
      "aws:TagKeys": input.TagKeys ?? [],
    }),
  run: (input, call) => {
    const key = notPending(findKey(input.KeyId, call));
    const tags = key.tags.filter(({ TagKey = "" }) => !input.TagKeys?.includes(TagKey));
    call.stateOf(key.account, key.region).keys.set(key.id, { ...key, tags });
    return {};
  },
};

export const listResourceTags: KmsOperation<"ListResourceTags"> = {
  access: onKey("ListResourceTags"),
  run: (input, call) => {
    const { tags } = findKey(input.KeyId, call);
    const { items, ...paging } = page(tags, ({ TagKey = "" }) => TagKey, {
      Limit: input.Limit ?? 50,
      Marker: input.Marker,
    });
    return { Tags: [...items], ...paging };
  },
};

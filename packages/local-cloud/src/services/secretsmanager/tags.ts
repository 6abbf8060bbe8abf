/** These operations add and remove the tags of secrets. */
import type { Tag } from "@aws-sdk/client-secrets-manager";
import { invalidParameter, invalidRequest } from "./errors.ts";
import { liveSecret, secretAccess, storeSecret } from "./find-secret.ts";
import type { SecretOperation } from "./state.ts";

export function checkTags(tags: readonly Tag[]): readonly Tag[] {
  const keys = tags.map(({ Key = "" }) => Key);
  if (keys.some((key) => key === "" || key.length > 128) || tags.some(({ Value = "" }) => Value.length > 256))
    throw invalidParameter("A tag key has 1 to 128 characters, a tag value at most 256.");
  if (keys.some((key) => key.startsWith("aws:")))
    throw invalidRequest('Tag keys that start with "aws:" are reserved for AWS.');
  if (new Set(keys).size < keys.length) throw invalidParameter("Tag keys must be unique.");
  if (keys.length > 50) throw invalidParameter("A secret can have at most 50 tags.");
  return tags;
}

export const tagContext = (tags: readonly Tag[]) => ({
  ...Object.fromEntries(tags.map(({ Key, Value }) => [`aws:RequestTag/${Key}`, Value])),
  ...(tags.length > 0 && { "aws:TagKeys": tags.map(({ Key }) => Key ?? "") }),
});

export const tagResource: SecretOperation<"TagResource"> = {
  access: (input, call) =>
    secretAccess(liveSecret(input.SecretId, call), "TagResource", input, tagContext(input.Tags ?? [])),
  run: (input, call) => {
    const secret = liveSecret(input.SecretId, call);
    const added = checkTags(input.Tags ?? []);
    const kept = secret.tags.filter(({ Key }) => !added.some((tag) => tag.Key === Key));
    storeSecret({ ...secret, tags: checkTags([...kept, ...added]) }, call);
    return {};
  },
};

export const untagResource: SecretOperation<"UntagResource"> = {
  access: (input, call) =>
    secretAccess(liveSecret(input.SecretId, call), "UntagResource", input, {
      "aws:TagKeys": input.TagKeys ?? [],
    }),
  run: (input, call) => {
    const secret = liveSecret(input.SecretId, call);
    const tags = secret.tags.filter(({ Key = "" }) => !input.TagKeys?.includes(Key));
    storeSecret({ ...secret, tags }, call);
    return {};
  },
};

/** A resource's tags: its own property over the stack's, in the shape each service wants. */
import { isList, isObject, type JsonObject } from "#cloud/cloudformation/json.ts";
import type { ResourceContext, Tag } from "./resource-type.ts";

/** Tags of a `Tags` property, list or map. */
function ownTags(properties: JsonObject, name = "Tags"): readonly Tag[] {
  const value = properties[name];
  if (isList(value)) {
    return value.filter(isObject).map((tag) => ({ Key: String(tag["Key"]), Value: String(tag["Value"]) }));
  }
  return isObject(value) ? Object.entries(value).map(([Key, one]) => ({ Key, Value: String(one) })) : [];
}

/** All tags; the resource's own win. Services refuse callers' `aws:` tags, so those are CloudFormation's to keep. */
export function allTags(properties: JsonObject, context: ResourceContext, name = "Tags"): readonly Tag[] {
  const own = ownTags(properties, name);
  const rest = context.tags.filter(
    (tag) => !tag.Key.startsWith("aws:") && !own.some((one) => one.Key === tag.Key),
  );
  return [...rest, ...own];
}

export const tagMap = (tags: readonly Tag[]): Record<string, string> =>
  Object.fromEntries(tags.map((tag) => [tag.Key, tag.Value]));

/** Lower-cased members, for the services that spell tags so. */
export const lowerTags = (
  tags: readonly Tag[],
): readonly { readonly key: string; readonly value: string }[] =>
  tags.map((tag) => ({ key: tag.Key, value: tag.Value }));

/** What has to be set and what removed to get from one list to another. */
export const tagChanges = (
  before: readonly Tag[],
  after: readonly Tag[],
): { readonly add: readonly Tag[]; readonly remove: readonly string[] } => ({
  add: after.filter((tag) => !before.some((one) => one.Key === tag.Key && one.Value === tag.Value)),
  remove: before.filter((tag) => !after.some((one) => one.Key === tag.Key)).map((tag) => tag.Key),
});

/** Merges a resource's tags: its own property over the stack's tags, in the format of each service. */
import { isList, isObject, type JsonObject } from "#cloud/cloudformation/json.ts";
import type { ResourceContext, Tag } from "./resource-type.ts";

/** Reads the tags of a `Tags` property, list or map. */
function ownTags(properties: JsonObject, name = "Tags"): readonly Tag[] {
  const value = properties[name];
  if (isList(value)) {
    return value.filter(isObject).map((tag) => ({ Key: String(tag["Key"]), Value: String(tag["Value"]) }));
  }
  return isObject(value) ? Object.entries(value).map(([Key, one]) => ({ Key, Value: String(one) })) : [];
}

/**
 * Returns all tags; the resource's own win. Services reject `aws:` tags from callers, so CloudFormation
 * keeps those itself.
 */
export function allTags(properties: JsonObject, context: ResourceContext, name = "Tags"): readonly Tag[] {
  const own = ownTags(properties, name);
  const rest = context.tags.filter(
    (tag) => !tag.Key.startsWith("aws:") && !own.some((one) => one.Key === tag.Key),
  );
  return [...rest, ...own];
}

export const tagMap = (tags: readonly Tag[]): Record<string, string> =>
  Object.fromEntries(tags.map((tag) => [tag.Key, tag.Value]));

/** Renames the members to lower case, for the services that spell tags so. */
export const lowerTags = (
  tags: readonly Tag[],
): readonly { readonly key: string; readonly value: string }[] =>
  tags.map((tag) => ({ key: tag.Key, value: tag.Value }));

/** Returns the tags to set and the keys to remove between two lists. */
export const tagChanges = (
  before: readonly Tag[],
  after: readonly Tag[],
): { readonly add: readonly Tag[]; readonly remove: readonly string[] } => ({
  add: after.filter((tag) => !before.some((one) => one.Key === tag.Key && one.Value === tag.Value)),
  remove: before.filter((tag) => !after.some((one) => one.Key === tag.Key)).map((tag) => tag.Key),
});

/** Reads the tags of buckets and objects from XML or from the `x-amz-tagging` header. */
import type { Tag } from "@aws-sdk/client-s3";
import { AwsError } from "#cloud/kernel/aws-error.ts";
import { invalidArgument } from "./errors.ts";

const ALLOWED = /^[\p{L}\p{N}\p{Zs}+\-=._:/@]*$/u;

export function checkTags(tags: readonly Tag[], limit: 10 | 50): readonly Tag[] {
  if (tags.length > limit)
    throw new AwsError(
      "BadRequest",
      `${limit === 10 ? "Object" : "Bucket"} tags cannot be greater than ${limit}`,
    );
  const keys = new Set<string>();
  for (const { Key: key = "", Value: value = "" } of tags) {
    if (key === "" || key.length > 128 || !ALLOWED.test(key))
      throw new AwsError("InvalidTag", "The TagKey you have provided is invalid", 400, { TagKey: key });
    if (value.length > 256 || !ALLOWED.test(value))
      throw new AwsError("InvalidTag", "The TagValue you have provided is invalid", 400, {
        TagKey: key,
        TagValue: value,
      });
    if (key.startsWith("aws:"))
      throw new AwsError("InvalidTag", "System tags cannot be added/updated by requester", 400, {
        TagKey: key,
      });
    if (keys.has(key))
      throw new AwsError("InvalidTag", "Cannot provide multiple Tags with the same key", 400, {
        TagKey: key,
      });
    keys.add(key);
  }
  return tags.map(({ Key = "", Value = "" }) => ({ Key, Value }));
}

/** Parses `a=1&b=2` with percent-encoding. */
export function readTagging(header: string | undefined): readonly Tag[] {
  if (header === undefined || header === "") return [];
  const tags = [...new URLSearchParams(header)].map(([Key, Value]) => ({ Key, Value }));
  if (tags.length === 0)
    throw invalidArgument(
      "The header 'x-amz-tagging' shall be encoded as UTF-8 then URLEncoded URL query parameters without tag name duplicates.",
    );
  return checkTags(tags, 10);
}

/** Returns the condition keys of a request with tags. */
export const requestTagContext = (tags: readonly Tag[]): Record<string, string | readonly string[]> => ({
  ...Object.fromEntries(tags.map(({ Key, Value }) => [`s3:RequestObjectTag/${Key}`, Value ?? ""])),
  ...(tags.length > 0 && { "s3:RequestObjectTagKeys": tags.map(({ Key }) => Key ?? "") }),
});

export const existingTagContext = (tags: readonly Tag[]): Record<string, string> =>
  Object.fromEntries(tags.map(({ Key, Value }) => [`s3:ExistingObjectTag/${Key}`, Value ?? ""]));

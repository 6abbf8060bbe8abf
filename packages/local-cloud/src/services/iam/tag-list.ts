/**
 * Checks tags as IAM does: at most 50, no two keys that differ only in case, no key that begins with `aws:`
 * (IAM User Guide, "Tags for AWS Identity and Access Management resources").
 */
import type { Tag } from "#cloud/iam/iam-state.ts";
import type { ConditionValue } from "#cloud/kernel/access.ts";
import { AwsError } from "#cloud/kernel/aws-error.ts";
import { violated } from "./constraints.ts";
import { quotaExceeded } from "./operation.ts";

type GivenTag = { readonly Key?: string | undefined; readonly Value?: string | undefined };

const FORM = /^[\p{L}\p{Z}\p{N}_.:/=+\-@]*$/u;

function readTags(given: readonly GivenTag[] = []): readonly Tag[] {
  const tags = given.map(({ Key = "", Value = "" }) => ({ Key, Value }));
  for (const [index, { Key, Value }] of tags.entries()) {
    const member = `tags.${index + 1}.member`;
    if (Key.length < 1 || Key.length > 128)
      throw violated(`${member}.key`, Key, "Member must have length less than or equal to 128");
    if (Value.length > 256)
      throw violated(`${member}.value`, Value, "Member must have length less than or equal to 256");
    if (!FORM.test(Key) || !FORM.test(Value))
      throw violated(
        `${member}.key`,
        Key,
        "Member must satisfy regular expression pattern: [\\p{L}\\p{Z}\\p{N}_.:/=+\\-@]+",
      );
    if (/^aws:/i.test(Key))
      throw new AwsError("InvalidInput", "Tag keys starting with aws: are reserved for AWS use.");
  }
  if (new Set(tags.map(({ Key }) => Key.toLowerCase())).size < tags.length)
    throw new AwsError(
      "InvalidInput",
      "Duplicate tag keys found. Please note that Tag keys are case insensitive.",
    );
  return tags;
}

export function mergeTags(old: readonly Tag[], given: readonly GivenTag[] = []): readonly Tag[] {
  const added = readTags(given);
  const replaced = new Set(added.map(({ Key }) => Key.toLowerCase()));
  const tags = [...old.filter(({ Key }) => !replaced.has(Key.toLowerCase())), ...added];
  if (tags.length > 50) throw quotaExceeded("TagsPerResource", 50);
  return tags;
}

export const requestTags = (given: readonly GivenTag[] = []): Readonly<Record<string, ConditionValue>> =>
  Object.fromEntries(given.map(({ Key = "", Value = "" }) => [`aws:RequestTag/${Key}`, Value]));

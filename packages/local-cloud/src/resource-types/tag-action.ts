/** Recognises the call that tags a resource, e.g. `sqs:TagQueue` or `rds:AddTagsToResource`. */
const tagging = /^(Tag[A-Z]\w*|AddTags(To\w+)?|CreateTags|CreateOrUpdateTags)$/;

export const tagAction = (listed: readonly string[]): string | undefined =>
  listed.find((action) => tagging.test(action.split(":")[1] ?? ""));

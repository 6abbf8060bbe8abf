/**
 * Decides which property values a review hides. A review is stored for a year and more, so a value that may be
 * a secret is hidden before the review is written. NoEcho does not mask properties in a change set
 * (CloudFormation API Reference, DescribeChangeSet, IncludePropertyValues).
 */
import type { PropertyChange, ResourceChange } from "./stack-change.ts";

/** Properties whose values applications use for secrets, by a word of their path. */
const secretWords =
  /environment|variables|secret|password|passwd|token|credential|authorization|apikey|privatekey|userdata|connectionstring|masteruser/i;

/** Texts that look like a secret wherever they stand: AWS access keys, private keys, URLs with a password. */
const secretTexts = /AKIA[0-9A-Z]{16}|ASIA[0-9A-Z]{16}|-----BEGIN|:\/\/[^/\s:@]+:[^/\s@]+@/;

const longestValue = 300;

export const withHiddenValues = (change: ResourceChange): ResourceChange => ({
  ...change,
  properties: change.properties.map(shown),
});

function shown({ path, before, after }: PropertyChange): PropertyChange {
  const texts = [before, after].filter((text) => text !== undefined);
  if (secretWords.test(path) || texts.some((text) => secretTexts.test(text) || secretWords.test(text))) {
    return { path, hidden: true };
  }
  return {
    path,
    ...(before !== undefined && { before: cut(before) }),
    ...(after !== undefined && { after: cut(after) }),
  };
}

const cut = (text: string): string =>
  text.length <= longestValue ? text : `${text.slice(0, longestValue)}… (${text.length} characters)`;

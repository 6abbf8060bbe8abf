/**
 * Decides which property values a review hides. A review is stored for a year and more, so a value that may be
 * a secret is hidden before the review is written. NoEcho does not mask properties in a change set
 * (CloudFormation API Reference, DescribeChangeSet, IncludePropertyValues).
 */
import { isObject, type PlainValue } from "#release/document/template-document.ts";
import { holdsSettings, namesSecret } from "./secret-names.ts";
import type { PropertyChange, ResourceChange } from "./stack-change.ts";

/**
 * Texts that look like a secret wherever they stand: AWS access keys, private keys, URLs with a password, tokens of
 * GitHub and Slack, signed tokens (JWT), and a setting inside a text, such as `password=…`.
 */
const secretTexts = [
  /A(KIA|SIA)[0-9A-Z]{16}/,
  /-----BEGIN/,
  /:\/\/[^/\s:@]+:[^/\s@]+@/,
  /\b(gh[pousr]_|github_pat_|xox[abeprs]-|sk_live_)\w/,
  /\beyJ[\w-]+\.eyJ[\w-]+\./,
  /(secret|password|passwd|pwd|token|api[_-]?key|private[_-]?key)["']?\s*[=:]\s*["']?[^\s"'{]/i,
];

/** A name or a reference, and not the secret itself. */
const references = /^(arn:[a-z-]+:[^\s"]+|\{\{resolve:[^{}]+\}\})$/;

const longestValue = 300;

export const withHiddenValues = (change: ResourceChange): ResourceChange => ({
  ...change,
  properties: change.properties.map(shown),
});

function shown({ path, before, after }: PropertyChange): PropertyChange {
  const hidden = [before, after].some((text) => text !== undefined && isHidden(path, text));
  if (hidden) return { path, hidden: true };
  return {
    path,
    ...(before !== undefined && { before: cut(before) }),
    ...(after !== undefined && { after: cut(after) }),
  };
}

/** CloudFormation may cut a value, so a text that begins like JSON and cannot be parsed is judged by its quoted names. */
function isHidden(path: string, text: string): boolean {
  const steps = path.split("/").filter((step) => step !== "");
  const names = steps.filter((step) => !/^\d+$/.test(step));
  const value = /^\s*[[{]/.test(text) ? jsonIn(text) : text;
  if (value === undefined)
    return (
      [...text.matchAll(/"([^"]{1,100})"\s*:/g)].some(
        ([, name = ""]) => namesSecret(name) || holdsSettings(name),
      ) || hasSecretForm(text)
    );
  if (names.slice(0, -1).some(holdsSettings)) return true;
  return mayBeSecret(names.at(-1) ?? "", value, 0);
}

function jsonIn(text: string): PlainValue | undefined {
  try {
    return JSON.parse(text) as PlainValue;
  } catch {
    return undefined;
  }
}

const deepest = 100;

function mayBeSecret(name: string, value: PlainValue, depth: number): boolean {
  if (depth > deepest) return true;
  if (Array.isArray(value))
    return holdsSettings(name)
      ? value.length > 0
      : (value as readonly PlainValue[]).some((item) => mayBeSecret(name, item, depth + 1));
  if (isObject(value)) {
    if (holdsSettings(name)) return Object.keys(value).length > 0;
    // An entry of a list names its value by a field beside it, as tags and containers do.
    const label = value["Name"] ?? value["Key"];
    return Object.entries(value).some(([field, inner]) =>
      mayBeSecret(field === "Value" && typeof label === "string" ? label : field, inner, depth + 1),
    );
  }
  if (typeof value !== "string") return namesSecret(name) && typeof value === "number";
  if (references.test(value)) return false;
  return (namesSecret(name) && value !== "") || hasSecretForm(value);
}

const hasSecretForm = (text: string): boolean => secretTexts.some((pattern) => pattern.test(text));

const cut = (text: string): string =>
  text.length <= longestValue ? text : `${text.slice(0, longestValue)}… (${text.length} characters)`;

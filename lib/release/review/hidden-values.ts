/**
 * Decides which property values a review hides. A review is stored for a year and more, so a value that may be
 * a secret is hidden before the review is written. NoEcho does not mask properties in a change set
 * (CloudFormation API Reference, DescribeChangeSet, IncludePropertyValues).
 */
import { parsedJson } from "#release/document/parsed-json.ts";
import { isObject, type PlainObject, type PlainValue } from "#release/document/template-document.ts";
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

function isHidden(path: string, text: string): boolean {
  const steps = path.split("/").filter((step) => step !== "");
  const names = steps.filter((step) => !/^\d+$/.test(step));
  const above = names.slice(0, -1);
  if (above.some(holdsSettings) || isItemAlone(steps)) return true;
  const value = /^\s*[[{]/.test(text) ? (parsedJson(text) as PlainValue | undefined) : text;
  if (value === undefined) return cutTextMayBeSecret(text);
  return mayBeSecret([...above.filter(namesSecret), ...names.slice(-1)], value, 0);
}

/** A path into a list has neither the name beside a value nor the flag before an argument, so the value is hidden. */
function isItemAlone(steps: readonly string[]): boolean {
  const [last = "", before = "", list = ""] = steps.toReversed();
  if (/^\d+$/.test(last)) return last !== "0" && isCommand(before);
  return /values?$/i.test(last) && /^\d+$/.test(before) && !/tags$/i.test(list);
}

const isCommand = (name: string): boolean => /^(command|entrypoint|arg(ument)?s)$/i.test(name);

/** CloudFormation may cut a value, so a text that begins like JSON and cannot be parsed is judged by its quoted names. */
const cutTextMayBeSecret = (text: string): boolean =>
  [...text.matchAll(/"([^"]{1,100})"/g)].some(([, name = ""]) => namesSecret(name) || holdsSettings(name)) ||
  hasSecretForm(text);

const deepest = 100;

/** `names`: the field and the labels of the value. One call judges them all, so deep values cost no more than flat ones. */
function mayBeSecret(names: readonly string[], value: PlainValue, depth: number): boolean {
  if (depth > deepest) return true;
  const secret = names.some(namesSecret);
  if (Array.isArray(value)) return listMayBeSecret(names, value as readonly PlainValue[], depth);
  if (isObject(value)) {
    if (secret || names.some(holdsSettings)) return Object.keys(value).length > 0;
    const label = secretLabelOf(value);
    return Object.entries(value).some(([field, inner]) =>
      mayBeSecret(/values?$/i.test(field) ? [field, ...label] : [field], inner, depth + 1),
    );
  }
  if (typeof value !== "string") return secret && typeof value === "number";
  if (references.test(value)) return false;
  return (secret && value !== "") || hasSecretForm(value) || hasSecretFlag(value);
}

/** An entry of a list names its value by a field beside it, as tags, containers and options of Elastic Beanstalk do. */
function secretLabelOf(entry: PlainObject): readonly string[] {
  const labels = Object.entries(entry).flatMap(([name, label]) =>
    /(name|key)$/i.test(name) && typeof label === "string" ? [label] : [],
  );
  return [labels.find(namesSecret), labels.find(holdsSettings)].filter((label) => label !== undefined);
}

/** A list of arguments names a value by the flag before it. */
function listMayBeSecret(names: readonly string[], items: readonly PlainValue[], depth: number): boolean {
  if (names.some(holdsSettings)) return items.length > 0;
  return items.some((item, at) => {
    const before = items[at - 1];
    const flag = typeof before === "string" && /^--?[A-Za-z]/.test(before) ? [before] : [];
    return mayBeSecret([...names, ...flag], item, depth + 1);
  });
}

const hasSecretForm = (text: string): boolean => secretTexts.some((pattern) => pattern.test(text));

/** A flag with its value in one text, such as `--passphrase=…` in a command. */
const hasSecretFlag = (text: string): boolean =>
  [...text.matchAll(/(?<![^\s"'])--?([A-Za-z][\w.-]*)[=\s]\s*[^\s-]/g)].some(([, flag = ""]) =>
    namesSecret(flag),
  );

const cut = (text: string): string =>
  text.length <= longestValue ? text : `${text.slice(0, longestValue)}… (${text.length} characters)`;

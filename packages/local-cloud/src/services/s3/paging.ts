/** Provides the common parts of S3's listings: limits, common prefixes, and the `url` encoding of keys. */
import { invalidArgument } from "./errors.ts";
import { compareKeys, lowerBound } from "./object-index.ts";

const MAX_ITEMS = 1000;

export function readLimit(asked: number | undefined, name: string): number {
  if (asked === undefined) return MAX_ITEMS;
  if (!Number.isInteger(asked) || asked < 0 || asked > 2 ** 31 - 1)
    throw invalidArgument(
      Number.isInteger(asked)
        ? `Argument ${name} must be an integer between 0 and 2147483647`
        : `Provided ${name} not an integer or within integer range`,
      name,
      String(asked),
    );
  return Math.min(asked, MAX_ITEMS);
}

export function checkEncoding(type: string | undefined): void {
  if (type !== undefined && type !== "url")
    throw invalidArgument("Invalid Encoding Method specified in Request", "encoding-type", type);
}

/** S3's encoding of keys in listings: `/` stays, and a space is `+`. */
export const encoder =
  (type: string | undefined) =>
  (text: string): string =>
    type === "url"
      ? encodeURIComponent(text)
          .replace(/[!'()]/g, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`)
          .replaceAll("%2F", "/")
          .replaceAll("%20", "+")
      : text;

type Entry = { readonly key: string } | { readonly commonPrefix: string };

/**
 * Returns the `alive` keys after `after` that start with `prefix`. Keys with a delimiter are grouped by their
 * common prefix.
 */
export function* entriesOf(
  keys: readonly string[],
  options: {
    readonly prefix: string;
    readonly delimiter: string;
    readonly after: string;
    readonly alive: (key: string) => boolean;
  },
): Generator<Entry> {
  const { prefix, delimiter, after, alive } = options;
  let last: string | undefined;
  const first = compareKeys(after, prefix) > 0 ? after : prefix;
  for (let at = lowerBound(keys, first); at < keys.length; at += 1) {
    const key = keys[at] ?? "";
    if (!key.startsWith(prefix)) return;
    if ((key === after && after !== "") || !alive(key)) continue;
    const end = delimiter === "" ? -1 : key.indexOf(delimiter, prefix.length);
    if (end < 0) yield { key };
    else {
      const commonPrefix = key.slice(0, end + delimiter.length);
      // If the last page ended with a common prefix, all keys of that prefix are skipped.
      if (commonPrefix !== last && commonPrefix !== after) yield { commonPrefix };
      last = commonPrefix;
    }
  }
}

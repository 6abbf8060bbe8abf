/** A setting of the estate that protects less than before, and the comparisons that find one. */

export type Loosening = {
  /** The field of the estate file, without names and positions: `anchors.environments.approval`. */
  readonly setting: string;
  /** The part of the estate that it belongs to: `shop/prod`, or the empty text for the whole estate. */
  readonly at: string;
  readonly was: string;
  readonly becomes: string;
};

export const loosening = (setting: string, at: string, was: unknown, becomes: unknown): Loosening => ({
  setting,
  at,
  was: shown(was),
  becomes: shown(becomes),
});

function shown(value: unknown): string {
  if (value === undefined) return "nothing";
  if (Array.isArray(value)) return value.length === 0 ? "nothing" : value.join(", ");
  return String(value);
}

/** A protection that is switched off. */
export const switchedOff = (
  setting: string,
  at: string,
  was: boolean,
  becomes: boolean,
): readonly Loosening[] => (was && !becomes ? [loosening(setting, at, was, becomes)] : []);

/** A protection whose values have no order. Any other value, and none, may protect less. */
export const replaced = (
  setting: string,
  at: string,
  was: string | undefined,
  becomes: string | undefined,
): readonly Loosening[] =>
  was === undefined || was === becomes ? [] : [loosening(setting, at, was, becomes)];

/** A list that permits. Each new entry permits more. */
export function widened(
  setting: string,
  at: string,
  was: readonly string[],
  becomes: readonly string[],
): readonly Loosening[] {
  return becomes.some((each) => !was.includes(each)) ? [loosening(setting, at, was, becomes)] : [];
}

/** A list of principals. Without the list, all principals are permitted. */
export const opened = (
  setting: string,
  at: string,
  was: readonly string[] | undefined,
  becomes: readonly string[] | undefined,
): readonly Loosening[] => {
  if (was === undefined) return [];
  return becomes === undefined
    ? [loosening(setting, at, was, "each principal of the account whose own policies allow it")]
    : widened(setting, at, was, becomes);
};

/** A list of patterns. The last pattern that fits a text decides, and a pattern with `!` excludes the text. */
export const patternsWidened = (
  setting: string,
  at: string,
  was: readonly string[],
  becomes: readonly string[],
): readonly Loosening[] => (isNarrower(was, becomes) ? [] : [loosening(setting, at, was, becomes)]);

/**
 * True if the new list has lost only patterns that include, and has gained only patterns that exclude.
 * Such a list fits no text that the old one does not fit. Any other change counts as wider.
 */
function isNarrower(was: readonly string[], becomes: readonly string[]): boolean {
  let next = 0;
  for (const pattern of was) {
    let found = next;
    while (becomes[found] !== pattern && becomes[found]?.startsWith("!")) found += 1;
    if (becomes[found] === pattern) next = found + 1;
    else if (pattern.startsWith("!")) return false;
  }
  return becomes.slice(next).every((pattern) => pattern.startsWith("!"));
}

/** Days or versions that S3 keeps. */
export const lowered = (
  setting: string,
  was: number | undefined,
  becomes: number | undefined,
): readonly Loosening[] =>
  was !== undefined && (becomes ?? 0) < was ? [loosening(setting, "", was, becomes)] : [];

/**
 * Compiles patterns of the policy language: `*`, `?`, policy variables and their escapes. The value of a
 * variable is literal text. A variable without a value in the request and without a default makes the
 * pattern match no text.
 */

/** Returns the value of a policy variable's key in this request. */
export type Resolve = (key: string) => string | undefined;

export type Matcher = (subject: string, resolve: Resolve) => boolean;

type PatternOptions = {
  readonly wildcards?: boolean;
  /**
   * Policies before version 2012-10-17 read `${…}` as plain text (IAM User Guide, "IAM JSON policy elements:
   * Version").
   */
  readonly variables?: boolean;
  readonly ignoreCase?: boolean;
};

const ANY = -1;
const ONE = -2;
const COLON = 58;

type Variable = { readonly key: string; readonly fallback: string | undefined };
/** A character, `*`, `?`, or a variable that is not resolved yet. */
type Part = number | Variable;

/** Matches the whole subject against the pattern. In IAM, `*` also matches colons and slashes. */
export function matcher(source: string, options: PatternOptions = {}): Matcher {
  const parts = read(source, options);
  const end = parts.findIndex((part) => typeof part !== "number" || part < 0);
  const beginning = String.fromCodePoint(
    ...(parts.slice(0, end < 0 ? parts.length : end) as readonly number[]),
  );
  const fold = (text: string): string => (options.ignoreCase ? text.toLowerCase() : text);
  if (end < 0) return (subject) => fold(subject) === beginning;
  if (end === parts.length - 1 && parts[end] === ANY) return (subject) => fold(subject).startsWith(beginning);
  const fill = compile(source, options);
  return (subject, resolve) => {
    // Most patterns belong to other services and resources, which their first letters show.
    if (!fold(subject).startsWith(beginning)) return false;
    const tokens = fill(resolve);
    return tokens !== undefined && glob(tokens, codes(subject, options));
  };
}

/**
 * ArnEquals and ArnLike compare each of the six components alone, so that a `*` stays within its component
 * (IAM User Guide, "IAM JSON policy elements: Condition operators").
 */
export function arnMatcher(source: string, options: PatternOptions = {}): Matcher {
  const fill = compile(source, { ...options, wildcards: true });
  return (subject, resolve) => {
    const tokens = fill(resolve);
    if (tokens === undefined) return false;
    const pattern = components(tokens);
    const actual = components(codes(subject, options));
    if (pattern.length < 6) return glob(tokens, codes(subject, options));
    return (
      pattern.length === actual.length && pattern.every((part, index) => glob(part, actual[index] ?? []))
    );
  };
}

/** Most time of a large analysis is spent here, and a loop is five times faster than the iterator of a string. */
function codes(text: string, options: PatternOptions): readonly number[] {
  const folded = options.ignoreCase ? text.toLowerCase() : text;
  const found: number[] = [];
  for (let at = 0; at < folded.length; ) {
    const code = folded.codePointAt(at) ?? 0;
    found.push(code);
    at += code > 0xffff ? 2 : 1; // a character outside of the basic plane has two units
  }
  return found;
}

function compile(
  source: string,
  options: PatternOptions,
): (resolve: Resolve) => readonly number[] | undefined {
  const parts = read(source, options);
  const fixed = parts.filter((part) => typeof part === "number");
  if (fixed.length === parts.length) return () => fixed;
  return (resolve) => {
    const tokens: number[] = [];
    for (const part of parts) {
      if (typeof part === "number") {
        tokens.push(part);
        continue;
      }
      const value = resolve(part.key) ?? part.fallback;
      if (value === undefined) return undefined;
      tokens.push(...codes(value, options));
    }
    return tokens;
  };
}

const VARIABLE = /^\$\{(?:([*?$])|([^{},]+?)(?:\s*,\s*'([^']*)'\s*)?)\}/;

function read(source: string, options: PatternOptions): readonly Part[] {
  const parts: Part[] = [];
  let rest = source;
  while (rest !== "") {
    const variable = options.variables && rest.startsWith("${") ? VARIABLE.exec(rest) : null;
    if (variable !== null) {
      const [whole, escaped, key, fallback] = variable;
      if (escaped !== undefined) parts.push(...codes(escaped, options));
      else parts.push({ key: (key ?? "").trim(), fallback });
      rest = rest.slice(whole.length);
      continue;
    }
    const char = String.fromCodePoint(rest.codePointAt(0) ?? 0);
    if (options.wildcards && char === "*") parts.push(ANY);
    else if (options.wildcards && char === "?") parts.push(ONE);
    else parts.push(...codes(char, options));
    rest = rest.slice(char.length);
  }
  return parts;
}

/** Splits at the first five colons. */
function components(tokens: readonly number[]): readonly (readonly number[])[] {
  const found: number[][] = [[]];
  for (const token of tokens) {
    if (token === COLON && found.length < 6) found.push([]);
    else found.at(-1)?.push(token);
  }
  return found;
}

/** Matches in linear time in practice, because only the latest `*` is taken back. */
function glob(pattern: readonly number[], subject: readonly number[]): boolean {
  let at = 0;
  let star = -1;
  let starEnd = 0;
  for (let index = 0; index < subject.length; ) {
    const token = pattern[at];
    if (token === ANY) {
      star = at++;
      starEnd = index;
    } else if (token !== undefined && (token === ONE || token === subject[index])) {
      at += 1;
      index += 1;
    } else if (star >= 0) {
      at = star + 1;
      index = ++starEnd;
    } else return false;
  }
  while (pattern[at] === ANY) at += 1;
  return at === pattern.length;
}

/** Branch patterns: `*` stands for any characters but a slash, `**` for any, a leading `!` takes out again. */

/** Patterns are read in order and the last that matches decides, as in a .gitignore. */
export function fitsPatterns(branch: string, patterns: readonly string[]): boolean {
  let fits = false;
  for (const pattern of patterns) {
    const takesOut = pattern.startsWith("!");
    if (toRegExp(takesOut ? pattern.slice(1) : pattern).test(branch)) fits = !takesOut;
  }
  return fits;
}

function toRegExp(pattern: string): RegExp {
  const source = pattern
    .split(/(\*+)/)
    .map((segment) => (segment.startsWith("**") ? ".*" : segment === "*" ? "[^/]*" : literally(segment)))
    .join("");
  return new RegExp(`^(?:${source})$`, "su");
}

const literally = (text: string): string => text.replace(/[\\^$.*+?()[\]{}|/]/g, "\\$&");

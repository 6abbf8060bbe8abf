/**
 * Compiles an `AllowedPattern`. CloudFormation uses Java's regular expressions (CloudFormation User Guide, "Parameters
 * syntax"), whose spelling differs from JavaScript's in the forms below (Java API, `java.util.regex.Pattern`).
 */
const posix: Readonly<Record<string, string>> = {
  Lower: "a-z",
  Upper: "A-Z",
  ASCII: "\\x00-\\x7F",
  Alpha: "a-zA-Z",
  Digit: "0-9",
  Alnum: "a-zA-Z0-9",
  Punct: "!-\\/:-@\\[-`{-~",
  Graph: "!-~",
  Print: "\\x20-~",
  Blank: " \\t",
  Cntrl: "\\x00-\\x1F\\x7F",
  XDigit: "0-9a-fA-F",
  Space: " \\t\\n\\x0B\\f\\r",
};

/** One element of a pattern: a quotation, a POSIX class, an escape, a class bracket, or any other character. */
const element = /\\Q([\s\S]*?)(?:\\E|$)|\\([pP])\{(\w+)\}|\\([\s\S])|([*+?}])\+|[\s\S]/g;

const escapes: Readonly<Record<string, string>> = { A: "^", z: "$", Z: "$", a: "\\x07", e: "\\x1B" };

function translate(pattern: string): string {
  let inClass = false;
  return pattern.replace(
    element,
    (whole, quoted?: string, property?: string, name?: string, escaped?: string, quantifier?: string) => {
      if (quoted !== undefined) return quoted.replace(/[\\^$.*+?()[\]{}|/-]/g, "\\$&");
      const members = name === undefined ? undefined : posix[name];
      if (property !== undefined && members !== undefined) {
        return inClass && property === "p" ? members : `[${property === "P" ? "^" : ""}${members}]`;
      }
      if (escaped !== undefined) {
        if (escaped === "h") return inClass ? " \\t\\xA0" : "[ \\t\\xA0]";
        return (inClass ? undefined : escapes[escaped]) ?? whole;
      }
      // A possessive quantifier becomes a greedy one. It then also accepts a text that Java rejects for want of backtracking.
      if (quantifier !== undefined) return inClass ? whole : quantifier;
      if (whole === "[") inClass = true;
      if (whole === "]") inClass = false;
      return whole;
    },
  );
}

/** Returns the expression for a whole value, or undefined for a pattern that Java would not compile either. */
export function javaPattern(pattern: string): RegExp | undefined {
  const [, letters = "", rest = pattern] = /^\(\?([ims]+)\)([\s\S]*)$/.exec(pattern) ?? [];
  const source = `^(?:${translate(rest)})$`;
  // Java accepts `\-` and `\_` as Unicode mode does not, and Unicode mode knows `\p{L}` as the other mode does not.
  for (const flags of [`${letters}u`, letters]) {
    try {
      return new RegExp(source, flags);
    } catch {
      // The next mode is tried.
    }
  }
  return undefined;
}

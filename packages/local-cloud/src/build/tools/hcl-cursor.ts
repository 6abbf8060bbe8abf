/** A position in an HCL text, which moves as the text is read: past blanks and comments, and past words. */

export type Cursor = {
  readonly text: string;
  /** The file's path, for errors. */
  readonly path: string;
  at: number;
};

class HclError extends Error {
  override name = "HclError";
}

export const lineOf = ({ text }: Cursor, offset: number): number => text.slice(0, offset).split("\n").length;

export const fail = (cursor: Cursor, message: string, offset = cursor.at): HclError =>
  new HclError(`on ${cursor.path} line ${lineOf(cursor, offset)}: ${message}`);

/** Matches a sticky pattern at the cursor. */
export function matchAt({ text, at }: Cursor, pattern: RegExp): RegExpExecArray | null {
  pattern.lastIndex = at;
  return pattern.exec(text);
}

function take(cursor: Cursor, pattern: RegExp): string | undefined {
  const found = matchAt(cursor, pattern)?.[0];
  cursor.at += found?.length ?? 0;
  return found;
}

export const takeWord = (cursor: Cursor): string | undefined => take(cursor, /[A-Za-z_][A-Za-z0-9_-]*/y);

/** Skips blanks and comments. The blanks of a body are line ends and commas too. */
export function skipBlanks(cursor: Cursor, within: "line" | "body"): void {
  const blanks = within === "line" ? /[ \t\r]*/y : /[\s,]*/y;
  do take(cursor, blanks);
  while (take(cursor, /(?:#|\/\/)[^\n]*|\/\*[\s\S]*?\*\//y) !== undefined);
}

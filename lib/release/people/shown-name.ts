/**
 * Makes a name safe to print. A session name or a commit's author may be any text: control characters move a
 * terminal's cursor, and format characters change the direction of writing.
 */

const longest = 100;

/** One line of any length. */
export const shownLine = (text: string): string =>
  text.replace(
    /[\p{Control}\p{Format}\p{Surrogate}\p{Line_Separator}\p{Paragraph_Separator}]/gu,
    (character) => `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`,
  );

export function shownName(name: string): string {
  const plain = shownLine(name);
  return plain.length > longest ? `${plain.slice(0, longest)}…` : plain;
}

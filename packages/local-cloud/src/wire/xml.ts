/** Escapes the few XML documents that are written by hand: errors and envelopes. */

const ENTITIES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&apos;",
};

export const escapeXml = (text: string): string =>
  text
    .replace(/[&<>"']/g, (character) => ENTITIES[character] ?? character)
    // XML 1.0 has no way to write most control characters. AWS sends numeric references.
    .replace(
      /[\u0000-\u0008\u000b\u000c\u000e-\u001f]/g,
      (character) => `&#x${character.charCodeAt(0).toString(16)};`,
    );

/** Cuts a list of ids into pages of 100. */
import { invalid } from "./names.ts";

const SIZE = 100;

export function pageOf<T>(
  items: readonly T[],
  token: string | undefined,
): { readonly items: T[]; readonly next: { readonly nextToken?: string } } {
  const given = token === undefined ? "page:0" : Buffer.from(token, "base64url").toString();
  const match = /^page:(\d+)$/.exec(given);
  if (match === null) throw invalid("Invalid next token");
  const start = Number(match[1]);
  const end = start + SIZE;
  return {
    items: items.slice(start, end),
    next: end < items.length ? { nextToken: Buffer.from(`page:${end}`).toString("base64url") } : {},
  };
}

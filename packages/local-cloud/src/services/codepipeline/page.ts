/** Cuts a list into pages. The token is opaque to the caller and holds the position of the next page. */
import { AwsError } from "#cloud/kernel/aws-error.ts";

export function pageOf<T>(
  items: readonly T[],
  token: string | undefined,
  size: number,
): { readonly items: readonly T[]; readonly next: { readonly nextToken?: string } } {
  const start = token === undefined ? 0 : offsetOf(token);
  const end = start + size;
  return {
    items: items.slice(start, end),
    next: end < items.length ? { nextToken: Buffer.from(`page:${end}`).toString("base64url") } : {},
  };
}

function offsetOf(token: string): number {
  const match = /^page:(\d+)$/.exec(Buffer.from(token, "base64url").toString());
  if (match !== null) return Number(match[1]);
  throw new AwsError(
    "InvalidNextTokenException",
    "The next token is not valid. Provide a token returned by a previous call.",
  );
}

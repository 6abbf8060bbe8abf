/** Cuts a list into pages with an opaque token. */
import { validationError } from "#cloud/cloudformation/template-error.ts";

export function page<Item>(
  items: readonly Item[],
  token: string | undefined,
  size: number,
): { readonly items: Item[]; readonly next?: string } {
  const start = token === undefined ? 0 : Number(Buffer.from(token, "base64url").toString());
  if (!Number.isInteger(start) || start < 0) throw validationError("Invalid NextToken");
  const end = start + size;
  const part = items.slice(start, end);
  return end < items.length
    ? { items: part, next: Buffer.from(String(end)).toString("base64url") }
    : { items: part };
}

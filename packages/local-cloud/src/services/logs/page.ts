/** Divides a sorted list into pages. The token is the key of the last item on the page. */

export function page<Item>(
  all: readonly Item[],
  keyOf: (item: Item) => string,
  token: string | undefined,
  limit: number | undefined,
  maximum: number,
): { readonly items: readonly Item[]; readonly next: string | undefined } {
  const after = token === undefined ? undefined : Buffer.from(token, "base64url").toString("utf8");
  const rest = all
    .filter((item) => after === undefined || keyOf(item) > after)
    .sort((left, right) => (keyOf(left) < keyOf(right) ? -1 : 1));
  const items = rest.slice(0, Math.min(limit ?? maximum, maximum));
  const last = items.at(-1);
  return {
    items,
    next:
      rest.length > items.length && last !== undefined
        ? Buffer.from(keyOf(last)).toString("base64url")
        : undefined,
  };
}

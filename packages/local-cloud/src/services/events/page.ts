/** Cuts a list into pages as EventBridge does: sorted by name; the token is the last name of the page. */

export function page<Item>(
  all: readonly Item[],
  nameOf: (item: Item) => string,
  token: string | undefined,
  limit: number | undefined,
): { readonly items: Item[]; readonly next: string | undefined } {
  const after = token === undefined ? "" : Buffer.from(token, "base64").toString("utf8");
  const rest = all
    .filter((item) => nameOf(item) > after)
    .sort((left, right) => (nameOf(left) < nameOf(right) ? -1 : 1));
  const items = rest.slice(0, limit ?? 100);
  const last = items.at(-1);
  return {
    items,
    next:
      rest.length > items.length && last !== undefined
        ? Buffer.from(nameOf(last)).toString("base64")
        : undefined,
  };
}

/** Lambda's paging sorts by a key. The marker is the key of the last item on the page. */
import { constraint } from "./errors.ts";

export function page<Item>(
  all: readonly Item[],
  keyOf: (item: Item) => string,
  marker: string | undefined,
  maxItems: number | undefined,
  limit: number,
): { readonly items: readonly Item[]; readonly next: string | undefined } {
  if (maxItems !== undefined && maxItems < 1)
    throw constraint(maxItems, "maxItems", "Member must have value greater than or equal to 1");
  const after = marker === undefined ? undefined : Buffer.from(marker, "base64").toString("utf8");
  const rest = all
    .filter((item) => after === undefined || keyOf(item) > after)
    .sort((left, right) => (keyOf(left) < keyOf(right) ? -1 : 1));
  const items = rest.slice(0, Math.min(maxItems ?? limit, limit));
  const last = items.at(-1);
  return {
    items,
    next:
      rest.length > items.length && last !== undefined
        ? Buffer.from(keyOf(last)).toString("base64")
        : undefined,
  };
}

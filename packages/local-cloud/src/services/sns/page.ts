/**
 * SNS returns 100 items per page (SNS API Reference, ListTopics). The token is the index of the next page's
 * first item.
 */
const SIZE = 100;

export function page<Item>(
  items: readonly Item[],
  token: string | undefined,
): { readonly shown: readonly Item[]; readonly next: string | undefined } {
  const start = token === undefined ? 0 : Number(Buffer.from(token, "base64").toString("utf8"));
  const end = start + SIZE;
  return {
    shown: items.slice(start, end),
    next: items.length > end ? Buffer.from(String(end)).toString("base64") : undefined,
  };
}

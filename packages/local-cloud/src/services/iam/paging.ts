/** Cuts a list into pages by IAM's `Marker` and `MaxItems`. The marker is opaque to the caller. */
import { AwsError } from "#cloud/kernel/aws-error.ts";
import { checkRange } from "./constraints.ts";

export type PageInput = { readonly Marker?: string | undefined; readonly MaxItems?: number | undefined };

type Page<Item> = {
  readonly items: Item[];
  readonly truncation: { IsTruncated: boolean; Marker?: string };
};

/**
 * Returns the items after the marker by the order of their keys, so that added and removed items shift no
 * page.
 */
export function page<Item>(
  all: Iterable<Item>,
  keyOf: (item: Item) => string,
  { Marker, MaxItems = 100 }: PageInput,
): Page<Item> {
  checkRange("maxItems", MaxItems, 1, 1000);
  const after = Marker === undefined ? undefined : Buffer.from(Marker, "base64url").toString("utf8");
  if (after === "") throw new AwsError("ValidationError", `Invalid Marker: ${Marker}`);
  const sorted = [...all]
    .map((item) => ({ item, key: keyOf(item) }))
    .filter(({ key }) => after === undefined || key > after)
    .sort((one, other) => (one.key < other.key ? -1 : 1));
  const items = sorted.slice(0, MaxItems);
  const last = items.at(-1);
  const more = last !== undefined && sorted.length > items.length;
  return {
    items: items.map(({ item }) => item),
    truncation: more
      ? { IsTruncated: true, Marker: Buffer.from(last.key).toString("base64url") }
      : { IsTruncated: false },
  };
}

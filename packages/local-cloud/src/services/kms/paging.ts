/**
 * Divides a list into KMS's pages: `Limit` is the page size, and the marker says where the next page starts.
 */
import { AwsError } from "#cloud/kernel/aws-error.ts";

type PageInput = { readonly Limit?: number | undefined; readonly Marker?: string | undefined };
type Page<Item> = {
  readonly items: readonly Item[];
  readonly Truncated: boolean;
  readonly NextMarker?: string;
};

export function page<Item>(
  all: readonly Item[],
  idOf: (item: Item) => string,
  { Limit: limit = 100, Marker: marker }: PageInput,
): Page<Item> {
  const sorted = [...all].sort((left, right) => (idOf(left) < idOf(right) ? -1 : 1));
  const after = marker === undefined ? "" : Buffer.from(marker, "base64").toString("utf8");
  if (marker !== undefined && !sorted.some((item) => idOf(item) === after))
    throw new AwsError("InvalidMarkerException", "Could not deserialize marker");
  const rest = sorted.filter((item) => idOf(item) > after);
  const items = rest.slice(0, limit);
  const last = items.at(-1);
  const more = rest.length > items.length && last !== undefined;
  return {
    items,
    Truncated: more,
    ...(more && { NextMarker: Buffer.from(idOf(last)).toString("base64") }),
  };
}

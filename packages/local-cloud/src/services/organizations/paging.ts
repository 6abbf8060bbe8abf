/** Organizations' paging uses `MaxResults` and an opaque `NextToken`. */
import { AwsError } from "#cloud/kernel/aws-error.ts";

type PageInput = {
  readonly NextToken?: string | undefined;
  readonly MaxResults?: number | undefined;
};

export function page<Item>(
  all: readonly Item[],
  { NextToken, MaxResults = 20 }: PageInput,
): { readonly items: Item[]; readonly next: { NextToken?: string } } {
  const start = NextToken === undefined ? 0 : Number(Buffer.from(NextToken, "base64url").toString("utf8"));
  if (!Number.isInteger(start) || start < 0)
    throw new AwsError("InvalidInputException", "You provided an invalid value for: NextToken", 400, {
      Reason: "INVALID_NEXT_TOKEN",
    });
  const end = start + MaxResults;
  return {
    items: all.slice(start, end),
    next: end < all.length ? { NextToken: Buffer.from(String(end)).toString("base64url") } : {},
  };
}

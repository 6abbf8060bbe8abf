/** ListBuckets returns the buckets of the caller's account in the order of their names. */
import { invalidArgument } from "./errors.ts";
import { ownerOf } from "./owner.ts";
import { globalStateOf, type S3Operation } from "./state.ts";

export const listBuckets: S3Operation<"ListBuckets"> = {
  access: () => ({ action: "s3:ListAllMyBuckets", resource: "arn:aws:s3:::*" }),
  run: ({ MaxBuckets: max = 10_000, ContinuationToken: token, Prefix, BucketRegion }, call) => {
    if (!(max >= 1 && max <= 10_000))
      throw invalidArgument("Argument max-buckets must be an integer between 1 and 10000", "max-buckets");
    const after = token === undefined ? "" : Buffer.from(token, "base64url").toString("utf8");
    const found = [...globalStateOf(call).buckets.values()]
      .filter(
        ({ account, name, region }) =>
          account === call.account &&
          name.startsWith(Prefix ?? "") &&
          region === (BucketRegion ?? region) &&
          name > after,
      )
      .sort((left, right) => (left.name < right.name ? -1 : 1));
    const page = found.slice(0, max);
    return {
      Buckets: page.map(({ name, createdAt, region }) => ({
        Name: name,
        CreationDate: createdAt,
        BucketRegion: region,
        BucketArn: `arn:aws:s3:::${name}`,
      })),
      Owner: ownerOf(call.account),
      ...(Prefix !== undefined && { Prefix }),
      ...(found.length > max && {
        ContinuationToken: Buffer.from(page.at(-1)?.name ?? "").toString("base64url"),
      }),
    };
  },
};

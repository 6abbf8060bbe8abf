/** What the bucket policies of the central account leave to other accounts' own policies. */
import type { Invariant } from "./invariant.ts";

const left: Readonly<Record<string, readonly string[]>> = {
  "an upload": ["s3:PutObject", "s3:AbortMultipartUpload", "s3:ListMultipartUploadParts"],
  "a result": ["s3:GetObject"],
  Artifacts: ["s3:ListBucket"],
  "a Lambda's code": ["s3:GetObject"],
};

export const centralReach: Invariant = {
  name: "central-reach",
  sentence:
    "Of the central account, an anchor's administrator can give away only this: to upload below the anchor's prefix, to read its results, and to read the Lambdas' code.",
  objection: ({ actor, place, action, variant }, { standings }) => {
    if (actor.kind !== "administrator" || actor.account === place.account) return undefined;
    const central = standings.some(({ account, part }) => account === place.account && part === "central");
    if (!central) return undefined;
    const allowed = left[place.kind]?.includes(action) ?? false;
    const listing = place.kind === "Artifacts" && !variant.label.includes("below results/");
    return allowed && !listing ? undefined : "other accounts' administrators are not given this";
  },
};

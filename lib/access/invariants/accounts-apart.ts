/** What one account may do in another is said role by role; this little is left to an account's own policies. */
import type { Invariant } from "./invariant.ts";

const left: Readonly<Record<string, readonly string[]>> = {
  "an upload": ["s3:PutObject", "s3:AbortMultipartUpload", "s3:ListMultipartUploadParts"],
  "a result": ["s3:GetObject"],
  "Artifacts (results)": ["s3:ListBucket"],
  "a Lambda's code": ["s3:GetObject"],
};

/** What the anchor hands to the builds of applications, and takes from them. Names of artifacts are random. */
const handedToBuilds: Readonly<Record<string, readonly string[]>> = {
  "a part": ["s3:GetObject"],
  "a pipeline's artifact": ["s3:GetObject", "s3:GetObjectVersion"],
  "a build's plan": ["s3:GetObject", "s3:GetObjectVersion", "s3:PutObject"],
  CacheKey: ["kms:Decrypt", "kms:DescribeKey", "kms:GenerateDataKey"],
};

export const accountsApart: Invariant = {
  name: "accounts-apart",
  sentence:
    "Across accounts, only the roles Kedge names do anything. An anchor's administrator can give others of his account no more than this: to upload below the anchor's prefix, to read its results, and to read the Lambdas' code; and a target's applications, whose builds are handed parts and artifacts, no more than those.",
  objection: ({ actor, place, action, variant }) => {
    if (actor.kind !== "administrator" && actor.kind !== "application") return undefined;
    if (actor.account === place.account) return undefined;
    // What its owner leaves to everyone; but a key that is not the cache's is not to be used, whoever leaves it.
    if (place.open && place.service !== "kms") return undefined;
    const to = actor.kind === "administrator" ? left : handedToBuilds;
    const given = to[`${place.kind}${variant.part ?? ""}`]?.includes(action);
    return given ? undefined : "another account's own policies do not decide this";
  },
};

/**
 * Checks that across accounts only Kedge's roles act. The tables list the few calls that an account's own
 * policies may allow.
 */
import type { Invariant } from "./invariant.ts";

const left: Readonly<Record<string, readonly string[]>> = {
  "an upload": ["s3:PutObject", "s3:AbortMultipartUpload", "s3:ListMultipartUploadParts"],
  "a result": ["s3:GetObject"],
  "a review": ["s3:GetObject"],
  "the command line": ["s3:GetObject"],
  "Artifacts (results)": ["s3:ListBucket"],
  "a Lambda's code": ["s3:GetObject"],
};

/**
 * The resources of the anchor that builds of applications read and write. Names of pipeline artifacts are
 * random.
 */
const handedToBuilds: Readonly<Record<string, readonly string[]>> = {
  "an asset": ["s3:GetObject", "s3:GetObjectVersion"],
  "a pipeline's artifact": ["s3:GetObject", "s3:GetObjectVersion"],
  "a build's plan": ["s3:GetObject", "s3:GetObjectVersion", "s3:PutObject"],
  CacheKey: ["kms:Decrypt", "kms:DescribeKey", "kms:GenerateDataKey"],
};

export const accountsApart: Invariant = {
  name: "accounts-apart",
  sentence:
    "Only roles that Kedge names act in another account. An administrator of an anchor can grant the principals of the anchor's account these rights and no more: to upload below the anchor's prefix, to read the anchor's results and reviews, to download the command line, and to read the code of the Lambdas. An application of a target can use the assets, the artifacts and the plans of its builds, and no more.",
  objection: ({ actor, resource, action, variant }) => {
    if (actor.kind !== "administrator" && actor.kind !== "application") return undefined;
    if (actor.account === resource.account) return undefined;
    // Public resources do not count. Foreign keys and roles do: only the cache's key may be used.
    if (resource.open && !["kms", "sts"].includes(resource.service)) return undefined;
    const to = actor.kind === "administrator" ? left : handedToBuilds;
    const given = to[`${resource.kind}${variant.section ?? ""}`]?.includes(action);
    return given ? undefined : "the policies of the caller's own account must not suffice for this call";
  },
};

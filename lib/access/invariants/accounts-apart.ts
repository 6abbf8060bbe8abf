/**
 * Checks that across accounts only Kedge's roles act. The tables list the few calls that an account's own
 * policies may allow.
 */
import type { Invariant } from "./invariant.ts";

const left: Readonly<Record<string, readonly string[]>> = {
  "an upload": ["s3:PutObject", "s3:AbortMultipartUpload", "s3:ListMultipartUploadParts"],
  "a result": ["s3:GetObject"],
  "the command line": ["s3:GetObject"],
  "Artifacts (results)": ["s3:ListBucket"],
  "a Lambda's code": ["s3:GetObject"],
};

/**
 * The resources of the anchor that builds of applications read and write. Names of pipeline artifacts are
 * random.
 */
const handedToBuilds: Readonly<Record<string, readonly string[]>> = {
  "a part": ["s3:GetObject", "s3:GetObjectVersion"],
  "a pipeline's artifact": ["s3:GetObject", "s3:GetObjectVersion"],
  "a build's plan": ["s3:GetObject", "s3:GetObjectVersion", "s3:PutObject"],
  CacheKey: ["kms:Decrypt", "kms:DescribeKey", "kms:GenerateDataKey"],
};

export const accountsApart: Invariant = {
  name: "accounts-apart",
  sentence:
    "Across accounts, only the roles Kedge names do anything. An anchor's administrator can give others of his account no more than this: to upload below the anchor's prefix, to read its results, to download the command line, and to read the Lambdas' code; and a target's applications, whose builds are handed parts and artifacts, no more than those.",
  objection: ({ actor, resource, action, variant }) => {
    if (actor.kind !== "administrator" && actor.kind !== "application") return undefined;
    if (actor.account === resource.account) return undefined;
    // Public resources do not count. A foreign KMS key does: only the cache's key may be used.
    if (resource.open && resource.service !== "kms") return undefined;
    const to = actor.kind === "administrator" ? left : handedToBuilds;
    const given = to[`${resource.kind}${variant.section ?? ""}`]?.includes(action);
    return given ? undefined : "another account's own policies do not decide this";
  },
};

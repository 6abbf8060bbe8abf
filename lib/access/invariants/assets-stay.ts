/**
 * Checks that an asset in a cache is written once and stays. An asset that is overwritten or deleted would let
 * another release use bytes that no release was approved with.
 */
import type { Invariant } from "./invariant.ts";

const removals: readonly string[] = ["s3:DeleteObject", "s3:DeleteObjectVersion"];

export const assetsStay: Invariant = {
  name: "assets-stay",
  sentence:
    "A part in a cache is written once: no principal, not even the anchor's administrator, overwrites or deletes one while the bucket's policy stands.",
  objection: ({ action, resource, variant }) => {
    if (resource.kind !== "an asset") return undefined;
    if (removals.includes(action)) return "a part would be deleted, and its name be free for other bytes";
    const overwrites = action === "s3:PutObject" && variant.context?.["s3:if-none-match"] === undefined;
    return overwrites ? "a part would be overwritten" : undefined;
  },
};

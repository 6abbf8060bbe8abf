/**
 * Checks that an asset in a cache, and the output of a Lambda action, is written once and stays. An object that is
 * overwritten or deleted would let another release, or a later action, use bytes that were never compared.
 */
import { writtenOnce } from "#access/variants.ts";
import { roles } from "#release/names/deployed-names.ts";
import type { Invariant } from "./invariant.ts";

const removals: readonly string[] = ["s3:DeleteObject", "s3:DeleteObjectVersion"];
/** They remove the outputs of a line with the line. */
const removers: readonly string[] = [roles.reconcile, roles.sweep];

export const assetsStay: Invariant = {
  name: "assets-stay",
  sentence:
    "A part in a cache, and the output of a Lambda action, is written once: no principal, not even the anchor's administrator, overwrites or deletes one while the bucket's policy stands. Only the teardown of a line deletes outputs, and only CodePipeline, with the pipeline's role, copies them to other regions.",
  objection: ({ action, resource, actor, variant }) => {
    if (!writtenOnce.includes(resource.kind)) return undefined;
    if (removals.includes(action))
      return resource.kind !== "an asset" && removers.includes(actor.name)
        ? undefined
        : "an object would be deleted, and its name be free for other bytes";
    if (resource.kind !== "an asset" && actor.name === roles.pipeline) return undefined;
    const overwrites = action === "s3:PutObject" && variant.context?.["s3:if-none-match"] === undefined;
    return overwrites ? "an object that was compared would be overwritten" : undefined;
  },
};

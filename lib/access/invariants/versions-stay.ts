/**
 * Checks that no principal deletes a version of an upload or a result. A deleted version can be neither
 * released again nor inspected.
 */
import { folders } from "#release/names/deployed-names.ts";
import type { Invariant } from "./invariant.ts";

export const versionsStay: Invariant = {
  name: "versions-stay",
  sentence:
    "No principal deletes a version of an upload or a result, not even the central account's administrator.",
  objection: ({ action, resource }) => {
    const kept = /upload|result/.test(resource.kind) && !resource.arn.includes(`/${folders.estate}`);
    return action === "s3:DeleteObjectVersion" && kept
      ? "versions of uploads and results must stay"
      : undefined;
  },
};

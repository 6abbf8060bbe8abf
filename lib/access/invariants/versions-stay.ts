/** A version that is gone can be neither released again nor looked into. */
import { folders } from "#release/names/deployed-names.ts";
import type { Invariant } from "./invariant.ts";

export const versionsStay: Invariant = {
  name: "versions-stay",
  sentence:
    "Nobody, not even the central account's administrator, deletes a version of an upload or a result.",
  objection: ({ action, place }) => {
    const kept = /upload|result/.test(place.kind) && !place.arn.includes(`/${folders.estate}`);
    return action === "s3:DeleteObjectVersion" && kept ? "what was uploaded stays" : undefined;
  },
};

/** Checks that an application reaches another application's resources only by the calls that are shared for a reason. */
import { anothersResource } from "#access/applications-apart.ts";
import { sharedBecause } from "#access/between-applications.ts";
import { withAnothersTag } from "#access/variants.ts";
import type { Invariant } from "./invariant.ts";

export const applicationsApart: Invariant = {
  name: "applications-apart",
  sentence:
    "In one account, an application reaches another application's resources only by the calls that the table below names as shared, each for a reason. It gives no resource and no session the tag of another application.",
  objection: ({ actor, action, resource, variant }) => {
    if (actor.kind !== "application" || !resource.ofAnApplication) return undefined;
    if (variant.label === withAnothersTag) return "an application must not pass for another one";
    const [type = ""] = resource.types ?? [];
    if (resource.kind !== anothersResource(resource.service, type)) return undefined;
    return sharedBecause(action, type) === undefined ? "it belongs to another application" : undefined;
  },
};

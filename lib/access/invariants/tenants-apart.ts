/** The account is the boundary: two anchors and all that belongs to them have nothing to do with each other. */
import type { Invariant } from "./invariant.ts";

const nobodys = new Set(["central", "nobody", ""]);

export const tenantsApart: Invariant = {
  name: "tenants-apart",
  sentence:
    "Nobody of one anchor or its targets, not even an administrator, reaches another anchor, its targets, its uploads or its results.",
  objection: ({ actor, place, variant, action }) => {
    const whose = variant.tenant ?? place.tenant;
    if (actor.kind === "service" && action === "sts:AssumeRole") return undefined; // services-for-us looks at these
    if (nobodys.has(actor.tenant) || nobodys.has(whose) || actor.tenant === whose) return undefined;
    return `it is ${whose}'s`;
  },
};

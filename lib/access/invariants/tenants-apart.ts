/** Checks that the principals of one anchor and its targets reach nothing of another anchor. */
import type { Invariant } from "./invariant.ts";

const withoutTenant = new Set(["central", "nobody", ""]);

export const tenantsApart: Invariant = {
  name: "tenants-apart",
  sentence:
    "No principal of one anchor or its targets, administrators included, reaches another anchor, its targets, its uploads or its results.",
  objection: ({ actor, resource, variant, action }) => {
    const whose = variant.tenant ?? resource.tenant;
    if (actor.kind === "service" && action === "sts:AssumeRole") return undefined; // The invariant services-for-us checks these.
    if (withoutTenant.has(actor.tenant) || withoutTenant.has(whose) || actor.tenant === whose)
      return undefined;
    return `the resource belongs to ${whose}`;
  },
};

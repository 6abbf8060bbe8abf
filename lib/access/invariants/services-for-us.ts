/** A service of AWS acts here in the name of our own rules, buckets and products, never in a stranger's. */
import type { Invariant } from "./invariant.ts";
import { neededBy } from "./needed.ts";

/** They run as a role only for whoever could pass it to them, and roles can be passed within one account only. */
const passedOnly = new Set(
  "lambda codebuild codepipeline cloudformation".split(" ").map((name) => `${name}.amazonaws.com`),
);

export const servicesForUs: Invariant = {
  name: "services-for-us",
  sentence:
    "AWS's services act here only for our own rules, buckets, products and passed roles: no stranger has them do it for him.",
  objection: (probe, { needs }) => {
    const { actor, action, place } = probe;
    if (actor.kind !== "service") return undefined;
    const passed = passedOnly.has(actor.name) && action === "sts:AssumeRole";
    if (!neededBy(needs, probe)) return "nothing of ours has this service do it";
    return passed || actor.account === place.account
      ? undefined
      : "it is not done for the place's own account";
  },
};

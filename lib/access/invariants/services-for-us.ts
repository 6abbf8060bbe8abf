/** Checks that AWS's services act only for Kedge's own rules, buckets and products. */
import type { Invariant } from "./invariant.ts";
import { neededBy } from "./needed.ts";

/**
 * These services run as a role only for the caller that passed it (iam:PassRole), and a role can be passed
 * within its own account only.
 */
const passedOnly = new Set(
  "lambda codebuild codepipeline cloudformation".split(" ").map((name) => `${name}.amazonaws.com`),
);

export const servicesForUs: Invariant = {
  name: "services-for-us",
  sentence:
    "An AWS service acts on Kedge's resources only for Kedge's own rules, buckets, products and passed roles. No foreign principal can make a service act there.",
  objection: (probe, { needs }) => {
    const { actor, action, resource } = probe;
    if (actor.kind !== "service") return undefined;
    const passed = passedOnly.has(actor.name) && action === "sts:AssumeRole";
    if (!neededBy(needs, probe)) return "no resource of Kedge makes this service act";
    return passed || actor.account === resource.account
      ? undefined
      : "the service acts for another account than the resource's own";
  },
};

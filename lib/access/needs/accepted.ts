/** Lists the grants that no code needs, each with the reason for it. */

import type { Probe } from "#access/relation.ts";
import { roles } from "#release/names/deployed-names.ts";

type Accepted = {
  readonly who: string;
  readonly actions: RegExp;
  /** Kinds of resources. */
  readonly at: readonly string[];
  readonly because: string;
};

export const accepted: readonly Accepted[] = [
  {
    who: roles.templatePublisher,
    actions: /^s3:/,
    at: ["an upload with an invalid key", "a result for an invalid key", "a review", "the command line"],
    because:
      "The role may read the whole bucket of uploads, results and reviews, which is in its own account.",
  },
  {
    who: roles.deploy,
    actions: /^cloudformation:/,
    at: ["the transform of SAM"],
    because: "A transform has no actions of its own. IAM checks the actions of the change set.",
  },
  {
    who: roles.provisioner,
    actions: /^servicecatalog:/,
    at: ["a foreign product"],
    because:
      "The id of a product is not known in advance. Service Catalog gives the role access to Kedge's portfolio alone.",
  },
];

export const acceptedBecause = ({ actor, action, resource }: Probe): string | undefined =>
  accepted.find(
    ({ who, actions, at }) => who === actor.name && actions.test(action) && at.includes(resource.kind),
  )?.because;

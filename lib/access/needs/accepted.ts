/** Lists the grants that no code needs, each with the reason for it. */

import type { Probe } from "#access/relation.ts";
import { roles } from "#release/names/deployed-names.ts";

type Accepted = {
  readonly who: string;
  readonly actions: RegExp;
  readonly at: RegExp;
  readonly because: string;
};

export const accepted: readonly Accepted[] = [
  {
    who: roles.templatePublisher,
    actions: /^s3:/,
    at: /^(nobody's (upload|result)|the command line)$/,
    because: "It reads the whole bucket of the account it is in.",
  },
  {
    who: roles.deploy,
    actions: /^cloudformation:/,
    at: /^the transform of SAM$/,
    because: "A transform has no actions of its own: IAM asks for the change set's.",
  },
  {
    who: roles.provisioner,
    actions: /^servicecatalog:/,
    at: /^somebody's product$/,
    because:
      "A product's id is not known before; the role is associated with Kedge's portfolio and no other.",
  },
];

export const acceptedBecause = ({ actor, action, resource }: Probe): string | undefined =>
  accepted.find(
    ({ who, actions, at }) => who === actor.name && actions.test(action) && at.test(resource.kind),
  )?.because;

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
    actions: /^s3:GetObject(Version)?$/,
    at: ["an upload with an invalid key", "a result for an invalid key", "a review", "the command line"],
    because:
      "The role may read the whole bucket of uploads, results and reviews, which is in its own account.",
  },
  {
    who: roles.templatePublisher,
    actions: /^s3:GetObjectVersion$/,
    at: ["a result"],
    because: "One statement lets the role read the versions of uploads and of results.",
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

/** Grants that no sample call uses, by the statement, each with the reason. */
const idle: readonly { readonly at: RegExp; readonly name: RegExp; readonly because: string }[] = [
  {
    at: /^control-plane\/TemplatePublisher\//,
    name: /^arn:aws:s3:::kedge-artifacts-\d+-[a-z0-9-]+\/\d\*$/,
    because:
      "The folders of anchors begin with their account ids, and an estate has not one for each first digit.",
  },
  {
    at: /^anchor(-region)?\/Cache(Key|Policy)\//,
    name: /kedge-handler-/,
    because: "Roles of handlers are the central team's, which writes their policies.",
  },
  {
    at: /\/Deploy(Role)?\//,
    name: /^cloudformation:GetTemplateSummary$/,
    because:
      "IAM checks the action at a stack only if the request names one. The analysis tries it without a stack.",
  },
  {
    at: /\/Deploy(Role)?\//,
    name: /:log-group:\/[a-z0-9-]+\/codepipeline\//,
    because: "AWS's action reference has two spellings of the log group, and one of them is used.",
  },
];

export const acceptedIdle = (where: string, name: string): string | undefined =>
  idle.find(({ at, name: names }) => at.test(where) && names.test(name))?.because;

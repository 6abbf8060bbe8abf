/** Checks that the roles that create pipelines and products touch only resources with Kedge's names. */
import { roles } from "#release/names/deployed-names.ts";
import type { Invariant } from "./invariant.ts";

const deployers: ReadonlySet<string> = new Set([roles.launch, roles.pipelineStack]);

/** AWS chooses the names of keys, so no policy can separate Kedge's keys from foreign keys. */
const unnamed: ReadonlySet<string> = new Set(["a foreign KMS key"]);

/** Actions that IAM checks without a resource, or for a resource that does not exist yet. */
const accountWide: ReadonlySet<string> = new Set([
  ...["cloudformation:ValidateTemplate", "cloudformation:GetTemplateSummary", "logs:DescribeLogGroups"],
  ...["lambda:CreateEventSourceMapping", "lambda:ListEventSourceMappings"],
  ...["kms:CreateKey", "kms:ListAliases", "events:PutPermission", "events:RemovePermission"],
]);

export const deployersInBounds: Invariant = {
  name: "deployers-in-bounds",
  sentence:
    "The roles that create pipelines and products touch only resources with the names that Kedge gives. KMS keys are the exception, because AWS chooses their names.",
  objection: ({ actor, resource, action }) => {
    if (!deployers.has(actor.name)) return undefined;
    if (resource.arn === "*" && !accountWide.has(action)) return "the call concerns the whole account";
    if (resource.kind === "a template of Service Catalog" && action !== "s3:GetObject")
      return "the role may only read this template";
    return resource.kind.startsWith("a foreign ") && !unnamed.has(resource.kind)
      ? "the resource is not Kedge's"
      : undefined;
  },
};

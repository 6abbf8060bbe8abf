/** Checks that the roles that create pipelines and products touch only resources with Kedge's names. */
import { roles } from "#release/names/deployed-names.ts";
import type { Invariant } from "./invariant.ts";

const deployers: ReadonlySet<string> = new Set([roles.launch, roles.pipelineStack]);

/** AWS chooses the names of keys, so no policy can separate Kedge's keys from foreign keys. */
const unnamed: ReadonlySet<string> = new Set(["somebody's key"]);

/** Actions that IAM checks without a resource, or for a resource that does not exist yet. */
const accountWide: ReadonlySet<string> = new Set([
  ...["cloudformation:ValidateTemplate", "cloudformation:GetTemplateSummary", "logs:DescribeLogGroups"],
  ...["lambda:CreateEventSourceMapping", "lambda:ListEventSourceMappings"],
  ...["kms:CreateKey", "kms:ListAliases", "events:PutPermission", "events:RemovePermission"],
]);

export const deployersInBounds: Invariant = {
  name: "deployers-in-bounds",
  sentence:
    "The roles that create pipelines and products touch only what bears the names Kedge gives; keys are the exception, which AWS names.",
  objection: ({ actor, resource, action }) => {
    if (!deployers.has(actor.name)) return undefined;
    if (resource.arn === "*" && !accountWide.has(action)) return "it concerns the whole account";
    if (resource.kind === "a template of Service Catalog" && action !== "s3:GetObject")
      return "it is only read";
    return resource.kind.startsWith("somebody's ") && !unnamed.has(resource.kind)
      ? "it is nothing of Kedge's"
      : undefined;
  },
};

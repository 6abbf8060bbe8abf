/** Who creates things for others creates what bears Kedge's names. */
import { roles } from "#release/names/deployed-names.ts";
import type { Invariant } from "./invariant.ts";

const deployers: ReadonlySet<string> = new Set([roles.launch, roles.pipelineStack]);

/** AWS names these itself, so no policy can tell ours from others. */
const unnamed: ReadonlySet<string> = new Set(["somebody's key"]);

/** Calls for which IAM offers no resource, and what is not there yet. */
const accountWide: ReadonlySet<string> = new Set([
  ...["cloudformation:ValidateTemplate", "cloudformation:GetTemplateSummary", "logs:DescribeLogGroups"],
  ...["lambda:CreateEventSourceMapping", "lambda:ListEventSourceMappings"],
  ...["kms:CreateKey", "kms:ListAliases", "events:PutPermission", "events:RemovePermission"],
]);

export const deployersInBounds: Invariant = {
  name: "deployers-in-bounds",
  sentence:
    "The roles that create pipelines and products touch only what bears the names Kedge gives; keys are the exception, which AWS names.",
  objection: ({ actor, place, action }) => {
    if (!deployers.has(actor.name)) return undefined;
    if (place.arn === "*" && !accountWide.has(action)) return "it concerns the whole account";
    if (place.kind === "a template of Service Catalog" && action !== "s3:GetObject") return "it is only read";
    return place.kind.startsWith("somebody's ") && !unnamed.has(place.kind)
      ? "it is nothing of Kedge's"
      : undefined;
  },
};

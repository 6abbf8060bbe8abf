/**
 * Decides when the plan of a configuration is made: before the approval by the central team's project, which
 * reads no secret, or after it by the line's own project.
 */
import type { Facts } from "#release/artifact/manifest.ts";
import type { TerraformRules } from "#release/estate/terraform-rules.ts";
import type { Settings } from "./settings.ts";
import { imageOf } from "./settings.ts";

/** `because` is a sentence for the approver. */
export type PlanTime = { readonly before: true } | { readonly before: false; readonly because: string };

const longestList = 150;

export function planTime(rules: TerraformRules, settings: Settings, facts: Facts): PlanTime {
  const reaches = facts["reaches"] as readonly string[];
  const secrets = Object.keys(settings.secrets ?? {});
  if (!rules.planBeforeApproval) return after("The estate forbids it.");
  if (imageOf(settings, rules) !== rules.images[0])
    return after("Its image is not the one that makes plans.");
  if (secrets.length > 0) return after(`Its variables hold secrets: ${listed(secrets)}.`);
  return reaches.length === 0
    ? { before: true }
    : after(`It reads secrets or reaches beyond the account: ${listed(reaches)}.`);
}

const after = (because: string): PlanTime => ({ before: false, because });

function listed(names: readonly string[]): string {
  const all = names.join(", ");
  return all.length <= longestList ? all : `${all.slice(0, longestList)}…`;
}

/** Compares one line under two estates: its plan, its release template, and the settings of its environments. */
import { ReleaseError } from "#release/errors/errors.ts";
import type { Anchor, Environment } from "#release/estate/estate.ts";
import { canonicalJson } from "#release/names/digest.ts";
import type { Line } from "#release/names/key.ts";
import { fitsPatterns } from "#release/names/patterns.ts";
import type { Plan } from "#release/plan/plan.ts";
import { isSamePlan, type PlanDifference, planDifference } from "#release/plan/plan-difference.ts";
import { severitiesFor } from "#release/rules/rule-settings.ts";

/** A line under one estate. The anchor is absent when the estate does not have it. */
export type LineUnderEstate = { readonly plan: Plan | ReleaseError; readonly anchor: Anchor | undefined };

export type EstateImpact =
  | { readonly line: Line; readonly kind: "same" }
  | {
      readonly line: Line;
      readonly kind: "changed";
      readonly difference: PlanDifference;
      /** Sentences about environments that the line reaches before and after: `prod: approval true → false`. */
      readonly settings: readonly string[];
      /** Labels such as `sam@1.1.0`; absent if the line keeps its release template. */
      readonly template?: { readonly was: string; readonly becomes: string };
    }
  /** It could be released, and no longer can; or the other way round. */
  | { readonly line: Line; readonly kind: "unavailable" | "available"; readonly why: string };

export function estateDifference(line: Line, before: LineUnderEstate, after: LineUnderEstate): EstateImpact {
  const [was, now] = [before.plan, after.plan];
  if (was instanceof ReleaseError && now instanceof ReleaseError) return { line, kind: "same" };
  if (now instanceof ReleaseError) return { line, kind: "unavailable", why: `${now.code}: ${now.message}` };
  if (was instanceof ReleaseError) return { line, kind: "available", why: `${was.code}: ${was.message}` };
  const difference = planDifference(was, now);
  const settings = settingsChanged(line, before.anchor, after.anchor);
  const [from, to] = [was, now].map(({ template }) => `${template.name}@${template.version}`);
  if (isSamePlan(difference) && settings.length === 0 && from === to) return { line, kind: "same" };
  return {
    ...{ line, kind: "changed", difference, settings },
    ...(from !== undefined && to !== undefined && from !== to && { template: { was: from, becomes: to } }),
  };
}

function settingsChanged(line: Line, was: Anchor | undefined, now: Anchor | undefined): readonly string[] {
  const reached = (anchor: Anchor | undefined): readonly Environment[] =>
    (anchor?.environments ?? []).filter(({ branches }) => fitsPatterns(line.branch, branches));
  return reached(was).flatMap((before) => {
    const after = reached(now).find(({ name }) => name === before.name);
    return after === undefined ? [] : fieldsChanged(before, after);
  });
}

function fieldsChanged(before: Environment, after: Environment): readonly string[] {
  const [old, current] = [flat(before), flat(after)];
  const names = [...new Set([...Object.keys(old), ...Object.keys(current)])];
  return names
    .filter((name) => old[name] !== current[name])
    .map((name) => `${before.name}: ${name} ${old[name] ?? "nothing"} → ${current[name] ?? "nothing"}`);
}

/** The fields as texts. Each rule is a field, with the severity that holds in the environment. */
function flat(environment: Environment): Readonly<Record<string, string>> {
  const { rules: _, ...fields } = environment;
  const rules = Object.entries(severitiesFor(environment)).map(([id, severity]) => [`rule ${id}`, severity]);
  const texts = Object.entries(fields).map(([name, value]) => [
    name,
    typeof value === "string" ? value : canonicalJson(value),
  ]);
  return Object.fromEntries([...texts, ...rules]);
}

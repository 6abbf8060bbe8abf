/** Draws the impact of a version of a release template: one block for each line it changes, and a summary. */
import type { LineImpact, TemplateImpact } from "#operate/templates/impact.ts";
import { formatKey } from "#release/names/key.ts";
import type { PlanDifference } from "#release/plan/plan-difference.ts";
import { templateLabel } from "#release/template/template-index.ts";
import { paint } from "./paint.ts";

/** Redrawn in place on a terminal. */
export function impactProgress(done: number, all: number): void {
  if (process.stderr.isTTY) process.stderr.write(`\r${done} of ${all} lines`);
}

export function showImpact({ ref, impacts }: TemplateImpact): string {
  const count = (kind: LineImpact["kind"]): number => impacts.filter((each) => each.kind === kind).length;
  const summary = `${templateLabel(ref)}: ${impacts.length} live lines · ${count("changed")} changed · ${count("same")} the same · ${count("other")} with other templates · ${count("unavailable")} unavailable · ${count("available")} newly available`;
  return [...impacts.flatMap(lineOf), summary].join("\n");
}

function lineOf(impact: LineImpact): readonly string[] {
  const name = formatKey(impact.line).replace(/\/latest\.zip$/, "");
  if (impact.kind === "unavailable") return [paint("red", `${name}: unavailable: ${impact.why}`)];
  if (impact.kind === "available") return [`${name}: newly available; so far ${impact.why}`];
  if (impact.kind !== "changed") return [];
  return [paint("bold", name), ...differenceRows(impact.difference)];
}

export function differenceRows(difference: PlanDifference): readonly string[] {
  const { environments, stages, actions, permissions } = difference;
  const rows = Object.entries({ environments, stages, actions, permissions }).flatMap(
    ([what, { added, removed }]) => [
      ...added.map((each) => paint("green", `  + ${what}: ${each}`)),
      ...removed.map((each) => paint("red", `  - ${what}: ${each}`)),
    ],
  );
  return [...rows, ...actions.changed.map((each) => `  ~ ${each}`)];
}

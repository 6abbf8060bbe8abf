/** Draws the impact of a version of a release template: one block for each line it changes, and a summary. */
import type { LineImpact, TemplateImpact } from "#operate/templates/impact.ts";
import { counted } from "#release/names/counted.ts";
import { formatKey } from "#release/names/key.ts";
import type { PlanDifference } from "#release/plan/plan-difference.ts";
import { templateLabel } from "#release/template/template-index.ts";
import { paint } from "./paint.ts";

/** Redrawn in place on a terminal. */
export function impactProgress(done: number, all: number): void {
  if (process.stderr.isTTY) process.stderr.write(`\r${done} of ${counted(all, "line")}`);
}

export function showImpact({ ref, impacts }: TemplateImpact): string {
  const count = (kind: LineImpact["kind"]): number => impacts.filter((each) => each.kind === kind).length;
  const summary = `${templateLabel(ref)}: ${counted(impacts.length, "live line")} · ${count("changed")} changed · ${count("same")} the same · ${count("other")} with other templates · ${count("unavailable")} unavailable · ${count("available")} newly available`;
  return [...impacts.flatMap(lineOf), summary].join("\n");
}

function lineOf(impact: LineImpact): readonly string[] {
  const name = formatKey(impact.line).replace(/\/latest\.zip$/, "");
  if (impact.kind === "unavailable") return [paint("red", `${name}: unavailable: ${impact.why}`)];
  if (impact.kind === "available") return [`${name}: newly available; so far ${impact.why}`];
  if (impact.kind !== "changed") return [];
  return [paint("bold", name), ...differenceRows(impact.difference)];
}

function differenceRows(difference: PlanDifference): readonly string[] {
  return [...environmentRows(difference), ...planRows(difference)];
}

export const environmentRows = ({ environments }: PlanDifference): readonly string[] =>
  changeRows({ environments });

/** The rows about the pipeline: its stages and actions, and their permissions. */
export const planRows = ({ stages, actions, permissions }: PlanDifference): readonly string[] => [
  ...changeRows({ stages, actions, permissions }),
  ...actions.changed.map((each) => `  ~ ${each}`),
];

const changeRows = (changes: Readonly<Record<string, PlanDifference["stages"]>>): readonly string[] =>
  Object.entries(changes).flatMap(([what, { added, removed }]) => [
    ...added.map((each) => paint("green", `  + ${what}: ${each}`)),
    ...removed.map((each) => paint("red", `  - ${what}: ${each}`)),
  ]);

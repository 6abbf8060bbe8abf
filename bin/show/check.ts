/** Draws the plan of an upload: the release template, the environments and the stages. */
import type { ArtifactCheck } from "#operate/check-artifact.ts";
import { formatKey, type Line } from "#release/names/key.ts";
import { drawPlan } from "#release/plan/plan-draw.ts";
import { paint } from "./paint.ts";
import { verdictLines } from "./verdicts.ts";

/** `why` adds the reasons of the release templates that do not fit. */
export const showCheck = (
  line: Line,
  { anchor, inspection, environments, plan }: ArtifactCheck,
  why: boolean,
): string =>
  [
    `${formatKey(line)} would be released with the template ${paint("bold", plan.template.name)}.`,
    ...(why ? inspection.reasons : fitting(inspection.reasons)).map((reason) => `  ${reason}`),
    `\nEnvironments of ${anchor}:`,
    ...verdictLines(environments),
    "",
    drawPlan(plan),
  ].join("\n");

function fitting(reasons: readonly string[]): readonly string[] {
  const others = reasons.filter((reason) => / does not fit: /.test(reason));
  const fit = reasons.filter((reason) => !others.includes(reason));
  return others.length === 0
    ? fit
    : [...fit, `${others.length} other release templates do not fit; --why says why.`];
}

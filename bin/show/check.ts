/** Draws the plan of an upload: the release template, the environments and the stages. */
import type { ArtifactCheck } from "#operate/check-artifact.ts";
import { formatKey, type Line } from "#release/names/key.ts";
import { drawPlan } from "#release/plan/plan-draw.ts";
import type { ChoiceReason } from "#release/template/choose-template.ts";
import { paint } from "./paint.ts";
import { verdictLines } from "./verdicts.ts";

export const sentencesOf = (reasons: readonly ChoiceReason[]): readonly string[] =>
  reasons.map(({ sentence }) => sentence);

/** `why` adds the reasons of the release templates that do not fit. */
export const showCheck = (
  line: Line,
  { anchor, inspection, environments, plan }: ArtifactCheck,
  why: boolean,
): string =>
  [
    `${formatKey(line)} would be released with the template ${paint("bold", plan.template.name)}.`,
    ...(why ? sentencesOf(inspection.reasons) : fitting(inspection.reasons)).map((reason) => `  ${reason}`),
    `\nEnvironments of ${anchor}:`,
    ...verdictLines(environments),
    "",
    drawPlan(plan),
  ].join("\n");

/** The reasons for the chosen template, and the number of the other templates. */
function fitting(reasons: readonly ChoiceReason[]): readonly string[] {
  const fit = sentencesOf(reasons.filter(({ kind }) => kind !== "unfit"));
  const others = reasons.length - fit.length;
  return others === 0 ? fit : [...fit, `${others} other release templates do not fit; --why says why.`];
}

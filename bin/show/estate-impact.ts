/** Draws the impact of an estate: the gates that it loosens, one block for each line it changes, and a summary. */
import type { EstateImpacts } from "#operate/estate-impact.ts";
import { looseningSentence } from "#operate/publish-estate.ts";
import { counted } from "#release/names/counted.ts";
import { formatKey } from "#release/names/key.ts";
import type { EstateImpact } from "#release/template/estate-difference.ts";
import { environmentRows, planRows } from "./impact.ts";
import { paint } from "./paint.ts";

/** `details`: also the changes in the pipelines, which follow from the settings. */
export function showEstateImpact({ loosenings, impacts }: EstateImpacts, details = false): string {
  const count = (kind: EstateImpact["kind"]): number => impacts.filter((each) => each.kind === kind).length;
  const gates =
    loosenings.length === 0
      ? ["It loosens no gate."]
      : [
          paint("red", "It loosens gates, so a second person has to confirm it:"),
          ...loosenings.map((each) => paint("red", `  ${looseningSentence(each)}`)),
        ];
  const summary = `${counted(impacts.length, "live line")} · ${count("changed")} changed · ${count("same")} the same · ${count("unavailable")} unavailable · ${count("available")} newly available`;
  return [...gates, ...impacts.flatMap((impact) => linesOf(impact, details)), summary].join("\n");
}

function linesOf(impact: EstateImpact, details: boolean): readonly string[] {
  const name = formatKey(impact.line).replace(/\/latest\.zip$/, "");
  if (impact.kind === "same") return [];
  if (impact.kind === "unavailable") return [paint("red", `${name}: unavailable: ${impact.why}`)];
  if (impact.kind !== "changed") return [`${name}: newly available; so far ${impact.why}`];
  const { template, settings, difference } = impact;
  return [
    paint("bold", name),
    ...(template ? [`  ~ template: ${template.was} → ${template.becomes}`] : []),
    ...settings.map((each) => `  ~ ${each}`),
    ...environmentRows(difference),
    ...(details ? planRows(difference) : hiddenRows(planRows(difference).length)),
  ];
}

const hiddenRows = (count: number): readonly string[] =>
  count === 0 ? [] : [paint("dim", `  ${counted(count, "change")} of the pipeline (shown with --details)`)];

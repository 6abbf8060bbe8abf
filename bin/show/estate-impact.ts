/** Draws the impact of an estate: the gates that it loosens, one block for each line it changes, and a summary. */
import type { EstateImpacts } from "#operate/estate-impact.ts";
import { looseningSentence } from "#operate/publish-estate.ts";
import { formatKey } from "#release/names/key.ts";
import type { EstateImpact } from "#release/template/estate-difference.ts";
import { differenceRows } from "./impact.ts";
import { paint } from "./paint.ts";

export function showEstateImpact({ loosenings, impacts }: EstateImpacts): string {
  const count = (kind: EstateImpact["kind"]): number => impacts.filter((each) => each.kind === kind).length;
  const gates =
    loosenings.length === 0
      ? ["It loosens no gate."]
      : [
          paint("red", "It loosens gates, so a second person has to confirm it:"),
          ...loosenings.map((each) => paint("red", `  ${looseningSentence(each)}`)),
        ];
  const summary = `${impacts.length} live lines · ${count("changed")} changed · ${count("same")} the same · ${count("unavailable")} unavailable · ${count("available")} newly available`;
  return [...gates, ...impacts.flatMap(linesOf), summary].join("\n");
}

function linesOf(impact: EstateImpact): readonly string[] {
  const name = formatKey(impact.line).replace(/\/latest\.zip$/, "");
  if (impact.kind === "same") return [];
  if (impact.kind === "unavailable") return [paint("red", `${name}: unavailable: ${impact.why}`)];
  if (impact.kind !== "changed") return [`${name}: newly available; so far ${impact.why}`];
  const { template, settings, difference } = impact;
  return [
    paint("bold", name),
    ...(template ? [`  ~ template: ${template.was} → ${template.becomes}`] : []),
    ...settings.map((each) => `  ~ ${each}`),
    ...differenceRows(difference),
  ];
}

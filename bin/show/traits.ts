/** Draws the traits of an artifact as they are understood, and the environments they lead to. */
import type { TraitsCheck } from "#operate/traits.ts";
import { formatKey, type Line } from "#release/names/key.ts";
import { formatTraits } from "#release/traits/traits-format.ts";
import { sentencesOf } from "./check.ts";
import { paint } from "./paint.ts";
import { verdictLines } from "./verdicts.ts";

export const traitsJson = ({ inspection, reach }: TraitsCheck) => ({
  template: inspection.template.ref.name,
  reasons: sentencesOf(inspection.reasons),
  traits: inspection.manifest.traits,
  ...(reach && { environments: reach.verdicts }),
});

export function showTraits({ inspection, reach }: TraitsCheck, line: Line | undefined): string {
  const { manifest, reasons, template } = inspection;
  const { build, deployment } = formatTraits(manifest.traits);
  const from = manifest.traits.sources.join(", ") || "no file; these are the defaults";
  return [
    `Traits from ${from}, for the template ${paint("bold", template.ref.name)}.`,
    ...sentencesOf(reasons).map((sentence) => `  ${sentence}`),
    ...section(".traits/build.yml", build),
    ...section(".traits/deployment.yml", deployment),
    ...(reach && line
      ? [`\n${formatKey(line)} in ${reach.anchor.name}:`, ...verdictLines(reach.verdicts)]
      : []),
  ].join("\n");
}

const section = (title: string, text: string): readonly string[] =>
  text === "" ? [] : [`\n${paint("dim", `# ${title}`)}`, text.trimEnd()];

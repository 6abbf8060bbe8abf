/** Draws the plan of an upload: the release template, the environments and the stages. */
import type { ArtifactCheck } from "#operate/check-artifact.ts";
import { formatKey, type Line } from "#release/names/key.ts";
import { drawPlan } from "#release/plan/plan-draw.ts";
import type { Finding } from "#release/rules/findings.ts";
import { describeFindings, isDecided } from "#release/rules/rejection.ts";
import type { ChoiceReason } from "#release/template/choose-template.ts";
import { paint } from "./paint.ts";
import { verdictLines } from "./verdicts.ts";

export const sentencesOf = (reasons: readonly ChoiceReason[]): readonly string[] =>
  reasons.map(({ sentence }) => sentence);

/** `why` adds the reasons of the release templates that do not fit. */
export const showCheck = (
  line: Line,
  { anchor, inspection, environments, plan, findings }: ArtifactCheck,
  why: boolean,
): string =>
  [
    `${formatKey(line)} would be released with the template ${paint("bold", plan.template.name)}.`,
    `  It was planned with version ${plan.template.version} of this command line. The line may have another version, and the registry may have withdrawn this one: the result of the upload says so.`,
    ...(why ? sentencesOf(inspection.reasons) : fitting(inspection.reasons)).map((reason) => `  ${reason}`),
    `\nEnvironments of ${anchor}:`,
    ...verdictLines(environments),
    "",
    drawPlan(plan),
    ...findingLines(findings),
    "\nCloudFormation checks resource types, properties and quotas when it makes the change set; kedge check does not.",
  ].join("\n");

/** Refusals come with the error at the end of the output. */
function findingLines(findings: readonly Finding[]): readonly string[] {
  const of = (verdict: Finding["verdict"], title: string): readonly string[] => {
    const lines = describeFindings(findings.filter((each) => each.verdict === verdict && isDecided(each)));
    return lines.length === 0 ? [] : [`\n${title}`, ...lines.map((line) => `  ${line}`)];
  };
  const open = describeFindings(findings.filter((each) => !isDecided(each)));
  return [
    ...of("warn", "Warnings of rules:"),
    ...of("show", "Open to the internet:"),
    ...(open.length === 0
      ? []
      : ["\nDecided when the environment is prepared:", ...open.map((line) => `  ${line}`)]),
  ];
}

/** The reasons for the chosen template, and the number of the other templates. */
function fitting(reasons: readonly ChoiceReason[]): readonly string[] {
  const fit = sentencesOf(reasons.filter(({ kind }) => kind !== "unfit"));
  const others = reasons.length - fit.length;
  return others === 0 ? fit : [...fit, `${others} other release templates do not fit; --why says why.`];
}

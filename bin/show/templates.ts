/** Draws the registry's index and a published version of a release template. */
import type { UnconfirmedTemplate } from "#operate/templates/confirm-template.ts";
import type { TemplateDescription } from "#operate/templates/show-template.ts";
import type { WithdrawalEffect, WithdrawnVersion } from "#operate/templates/withdraw-template.ts";
import { counted } from "#release/names/counted.ts";
import { formatKey, type Line } from "#release/names/key.ts";
import type { TemplateRef } from "#release/plan/plan.ts";
import { sameTemplate, type TemplateIndex, templateLabel } from "#release/template/template-index.ts";
import { withdrawalOf } from "#release/template/withdrawn.ts";
import { paint } from "./paint.ts";

export function showTemplates(index: TemplateIndex): string {
  const { versions, templates, rollouts, trials } = index;
  const rows = versions.map((version) => {
    const withdrawal = withdrawalOf(index, version);
    const symbols = [
      ...(withdrawal === undefined ? [] : [paint("red", `withdrawn: ${withdrawal.reason}`)]),
      ...(templates.some((each) => sameTemplate(each, version)) ? [paint("green", "current")] : []),
      ...(version.draft ? ["draft"] : []),
      ...rollouts.flatMap(({ to, state, begun, waves }) =>
        sameTemplate(to, version) ? [`${state}, wave ${begun} of ${waves.length}`] : [],
      ),
      ...trials.flatMap(({ line, template }) =>
        sameTemplate(template, version) ? [`tried on ${line.app} ${line.branch}`] : [],
      ),
    ];
    return `${version.name.padEnd(22)} ${version.version.padEnd(14)} ${version.sha256.slice(0, 12)}  ${version.publishedAt.slice(0, 10)}  ${symbols.join(" · ")}`;
  });
  return rows.length === 0 ? "Nothing is published yet." : rows.join("\n");
}

/** A second person reads it before the person signs. */
export const showUnconfirmed = (version: UnconfirmedTemplate): string =>
  [
    `${templateLabel(version)}${version.draft ? " (draft)" : ""}  ${version.sha256}`,
    `  Published ${version.publishedAt}${version.publishedBy === undefined ? "" : ` by ${version.publishedBy}`}: ${version.changelog}`,
    "  Read its source. kedge template impact <folder> shows what the source changes in each line, and kedge template publish",
    "  <folder> signs it only if its bytes have this digest.",
  ].join("\n");

export const showTemplate = (found: TemplateDescription): string =>
  [
    `${templateLabel(found)}${found.draft ? " (draft)" : ""}  ${found.sha256}`,
    found.summary,
    `\nPublished ${found.publishedAt}${found.publishedBy === undefined ? "" : ` by ${found.publishedBy}`}: ${found.changelog}`,
    ...(found.withdrawn === undefined
      ? []
      : [
          `Withdrawn ${found.withdrawn.withdrawnAt}: ${found.withdrawn.reason}`,
          ...linesThatHave(found, found.withdrawn.instead, found.withdrawn.lines),
        ]),
    `Rollback: within ${found.rollback.within}, by ${found.rollback.by}.`,
    "\nDetected by, in this order:",
    ...(found.entries.length === 0 ? ["  nothing: the traits have to ask for it"] : []),
    ...found.entries
      .toSorted((a, b) => a.rank - b.rank)
      .map(({ rank, means, pattern }) => `  ${String(rank).padStart(2)}  ${means}  ${pattern}`),
    `\nSettings: ${JSON.stringify(found.settings, null, 2)}`,
  ].join("\n");

export const showWithdrawn = ({ version, withdrawal, instead, lines }: WithdrawnVersion): string =>
  [
    `${templateLabel(version)} is withdrawn since ${withdrawal.withdrawnAt}: ${withdrawal.reason}`,
    ...linesThatHave(version, instead?.version, lines),
  ].join("\n");

/** The effect of a withdrawal, shown before the command asks. */
export const showWithdrawalEffect = ({ version, instead, lines }: WithdrawalEffect): string =>
  [
    `This withdraws ${templateLabel(version)} for ever.`,
    ...linesThatHave(version, instead?.version, lines),
  ].join("\n");

function linesThatHave(
  { name, version }: Pick<TemplateRef, "name" | "version">,
  instead: string | undefined,
  lines: readonly Line[],
): readonly string[] {
  const next =
    instead === undefined
      ? `Every version of ${name} is withdrawn: new releases are rejected.`
      : `New releases take ${name}@${instead} instead. Uploads whose traits ask for ${version} are rejected.`;
  if (lines.length === 0) return [next, `No line has ${name}@${version}.`];
  return [
    next,
    `${counted(lines.length, "line has", "lines have")} ${name}@${version}. The hourly resync moves no line; the next upload or a rollout does:`,
    ...lines.map((line) => `  ${formatKey(line)}`),
  ];
}

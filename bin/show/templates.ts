/** Draws the registry's index and a published version of a release template. */
import type { TemplateDescription } from "#operate/templates/show-template.ts";
import { sameTemplate, type TemplateIndex, templateLabel } from "#release/template/template-index.ts";
import { paint } from "./paint.ts";

export function showTemplates({ versions, templates, rollouts, trials }: TemplateIndex): string {
  const rows = versions.map((version) => {
    const symbols = [
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

export const showTemplate = (found: TemplateDescription): string =>
  [
    `${templateLabel(found)}${found.draft ? " (draft)" : ""}  ${found.sha256}`,
    found.summary,
    `\nPublished ${found.publishedAt}: ${found.changelog}`,
    `Rollback: within ${found.rollback.within}, by ${found.rollback.by}.`,
    "\nDetected by, in this order:",
    ...(found.entries.length === 0 ? ["  nothing: the traits have to ask for it"] : []),
    ...found.entries
      .toSorted((a, b) => a.rank - b.rank)
      .map(({ rank, means, pattern }) => `  ${String(rank).padStart(2)}  ${means}  ${pattern}`),
    `\nSettings: ${JSON.stringify(found.settings, null, 2)}`,
  ].join("\n");

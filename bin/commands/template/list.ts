/** `kedge template list`: the release templates there are, and which version lines get. */
import { styleText } from "node:util";
import type { Command } from "commander";
import { central } from "#operate/templates/central.ts";
import { sameTemplate, type TemplateIndex } from "#release/template/template-index.ts";

export function registerList(template: Command): void {
  template
    .command("list")
    .description("List release templates with their versions.")
    .option("--json", "print the registry's index as JSON")
    .action(async (options: { readonly json?: boolean }) => {
      const index = await (await central()).registry.index();
      process.stdout.write(options.json ? `${JSON.stringify(index, null, 2)}\n` : listed(index));
    });
}

export function listed({ versions, templates, rollouts, trials }: TemplateIndex): string {
  const rows = versions.map((version) => {
    const marks = [
      ...(templates.some((each) => sameTemplate(each, version)) ? [styleText("green", "current")] : []),
      ...(version.draft ? ["draft"] : []),
      ...rollouts.flatMap(({ to, state, begun, waves }) =>
        sameTemplate(to, version) ? [`${state}, wave ${begun} of ${waves.length}`] : [],
      ),
      ...trials.flatMap(({ line, template }) =>
        sameTemplate(template, version) ? [`tried on ${line.app} ${line.branch}`] : [],
      ),
    ];
    return `${version.name.padEnd(22)} ${version.version.padEnd(14)} ${version.sha256.slice(0, 12)}  ${version.publishedAt.slice(0, 10)}  ${marks.join(" · ")}`;
  });
  return rows.length === 0 ? "Nothing is published yet.\n" : `${rows.join("\n")}\n`;
}

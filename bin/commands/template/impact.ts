/** `kedge template impact`: what a version would change on every live line, before anybody has it. */
import { styleText } from "node:util";
import type { Command } from "commander";
import { exitCodes } from "#bin/commands/outcome.ts";
import { central } from "#operate/templates/central.ts";
import { impactOn, type LineImpact } from "#operate/templates/impact.ts";
import { liveLines } from "#operate/templates/live-lines.ts";
import { formatKey } from "#release/names/key.ts";
import { templateLabel } from "#release/template/template-index.ts";
import { candidate } from "./candidate.ts";

export function registerImpact(template: Command): void {
  template
    .command("impact")
    .argument(
      "<folder|name[@version]>",
      "a release template: its folder (before publishing), or a published one",
    )
    .description(
      "Plan every live line with it and show what would change; exit 1 if a line could not be released.",
    )
    .option("--json", "print it as JSON")
    .action(async (wanted: string, options: { readonly json?: boolean }) => {
      const from = await central();
      const loaded = await candidate(wanted, from);
      const lines = await liveLines(from);
      const onLine = (done: number): void => {
        if (process.stderr.isTTY) process.stderr.write(`\r${done} of ${lines.length} lines`);
      };
      const impacts = await impactOn(from, lines, loaded, onLine);
      if (process.stderr.isTTY) process.stderr.write("\r");
      process.stdout.write(
        options.json
          ? `${JSON.stringify(impacts, null, 2)}\n`
          : described(templateLabel(loaded.ref), impacts),
      );
      if (impacts.some(({ kind }) => kind === "unavailable")) process.exitCode = exitCodes.failed;
    });
}

function described(label: string, impacts: readonly LineImpact[]): string {
  const count = (kind: LineImpact["kind"]): number => impacts.filter((each) => each.kind === kind).length;
  const summary = `${label}: ${impacts.length} live lines · ${count("changed")} changed · ${count("same")} the same · ${count("other")} with other templates · ${count("unavailable")} unavailable · ${count("available")} newly available`;
  return `${[...impacts.flatMap(describedLine), summary].join("\n")}\n`;
}

function describedLine(impact: LineImpact): readonly string[] {
  const name = formatKey(impact.line).replace(/\/latest\.zip$/, "");
  if (impact.kind === "unavailable") return [styleText("red", `${name}: unavailable: ${impact.why}`)];
  if (impact.kind === "available") return [`${name}: newly available; so far ${impact.why}`];
  if (impact.kind !== "changed") return [];
  const { environments, stages, actions, permissions } = impact.difference;
  const rows = Object.entries({ environments, stages, actions, permissions }).flatMap(
    ([what, { added, removed }]) => [
      ...added.map((each) => styleText("green", `  + ${what}: ${each}`)),
      ...removed.map((each) => styleText("red", `  - ${what}: ${each}`)),
    ],
  );
  return [styleText("bold", name), ...rows, ...actions.changed.map((each) => `  ~ ${each}`)];
}

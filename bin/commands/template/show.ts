/** `kedge template show`: what a published version is, what it detects, what it may be set, and how it is taken back. */
import type { Command } from "commander";
import { central } from "#operate/templates/central.ts";
import { evaluateModule } from "#operate/templates/evaluate.ts";
import { templateLabel } from "#release/template/template-index.ts";
import { findVersion } from "#release/template/template-publish.ts";

export function registerShow(template: Command): void {
  template
    .command("show")
    .argument("<name[@version]>", "e.g. sam, or sam@1.2.0")
    .description("Show a published release template: detection, settings, rollback, changelog.")
    .option("--json", "print it as JSON")
    .action(async (wanted: string, options: { readonly json?: boolean }) => {
      const { registry } = await central();
      const version = findVersion(await registry.index(), wanted);
      const { template: found } = await evaluateModule(await registry.module(version));
      const settings = await registry.settings(version);
      const entries = found.entries.map(({ matches, rank, means }) => ({
        rank,
        means,
        pattern: matches.source,
      }));
      if (options.json) {
        const { summary, rollback } = found;
        process.stdout.write(
          `${JSON.stringify({ ...version, summary, rollback, entries, settings }, null, 2)}\n`,
        );
        return;
      }
      process.stdout.write(
        [
          `${templateLabel(version)}${version.draft ? " (draft)" : ""}  ${version.sha256}`,
          found.summary,
          `\nPublished ${version.publishedAt}: ${version.changelog}`,
          `Rollback: within ${found.rollback.within}, by ${found.rollback.by}.`,
          "\nDetected by, in this order:",
          ...(entries.length === 0 ? ["  nothing: the traits have to ask for it"] : []),
          ...entries
            .sort((a, b) => a.rank - b.rank)
            .map(({ rank, means, pattern }) => `  ${String(rank).padStart(2)}  ${means}  ${pattern}`),
          `\nSettings: ${JSON.stringify(settings, null, 2)}`,
          "",
        ].join("\n"),
      );
    });
}

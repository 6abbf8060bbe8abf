/** `kedge template try`: gives one line a version, drafts too, or ends that. */
import type { Command } from "commander";
import { type LineOptions, lineOf, withLineOptions } from "#bin/commands/line-options.ts";
import { askToLook } from "#operate/templates/ask-to-look.ts";
import { central } from "#operate/templates/central.ts";
import { formatKey } from "#release/names/key.ts";
import { templateLabel } from "#release/template/template-index.ts";
import { findVersion, withTrial } from "#release/template/template-publish.ts";

export function registerTry(template: Command): void {
  withLineOptions(
    template
      .command("try")
      .argument("<name@version>", "e.g. sam@1.3.0-draft.1; only the name with --end")
      .description("Release one line with a version of a release template, drafts too, until --end."),
  )
    .option("--end", "end the trial: the line goes back to what it would have")
    .action(async (wanted: string, options: LineOptions & { readonly end?: boolean }) => {
      const from = await central();
      const line = await lineOf(options, process.env, ".");
      const name = wanted.split("@")[0] ?? wanted;
      const version = options.end ? undefined : findVersion(await from.registry.index(), wanted);
      await from.registry.change((index) => withTrial(index, line, name, version));
      await askToLook(from, [line]);
      const key = formatKey(line);
      process.stdout.write(
        version === undefined
          ? `${key} is no longer tried with another ${name}.\n`
          : `${key} is released with ${templateLabel(version)} from now on; follow it with kedge status.\n`,
      );
    });
}

/** `kedge template try`: gives one line a version, drafts too, or ends that. */
import type { Command } from "commander";
import { central } from "#bin/input/central.ts";
import { type LineOptions, lineOf, withLineOptions } from "#bin/input/line-options.ts";
import { print } from "#bin/show/print.ts";
import { endTrial, tryTemplate } from "#operate/templates/try-template.ts";
import { formatKey } from "#release/names/key.ts";
import { templateLabel } from "#release/template/template-index.ts";

export function registerTry(template: Command): void {
  withLineOptions(
    template
      .command("try")
      .argument("<name@version>", "e.g. sam@1.3.0-draft.1; only the name with --end")
      .description("Release one line with a version of a release template, drafts too, until --end."),
  )
    .option("--end", "end the trial: the line goes back to what it would have")
    .action(async (wanted: string, { end, ...options }: LineOptions & { readonly end?: boolean }) => {
      const deps = await central();
      const line = await lineOf(options);
      const key = formatKey(line);
      if (end) {
        const name = wanted.split("@")[0] ?? wanted;
        await endTrial(deps, { name, line });
        return print(`${key} is no longer tried with another ${name}.`);
      }
      const version = await tryTemplate(deps, { wanted, line });
      print(`${key} is released with ${templateLabel(version)} from now on; follow it with kedge status.`);
    });
}

/** `kedge template show`: describes a published version of a release template. */
import type { Command } from "commander";
import { central } from "#bin/input/central.ts";
import { print, printJson } from "#bin/show/print.ts";
import { showTemplate } from "#bin/show/templates.ts";
import { describeTemplate } from "#operate/templates/show-template.ts";

export function registerShow(template: Command): void {
  template
    .command("show")
    .argument("<name[@version]>", "e.g. sam, or sam@1.2.0")
    .description("Show a published release template: detection, settings, rollback, changelog.")
    .option("--json", "print it as JSON")
    .action(async (wanted: string, options: { readonly json?: boolean }) => {
      const found = await describeTemplate(await central(), wanted);
      if (options.json) printJson(found);
      else print(showTemplate(found));
    });
}

/** `kedge template list`: shows the published release templates and the version that lines get. */
import type { Command } from "commander";
import { central } from "#bin/input/central.ts";
import { print, printJson } from "#bin/show/print.ts";
import { showTemplates } from "#bin/show/templates.ts";

export function registerList(template: Command): void {
  template
    .command("list")
    .description("List release templates with their versions.")
    .option("--json", "print the registry's index as JSON")
    .action(async (options: { readonly json?: boolean }) => {
      const { registry } = await central();
      const index = await registry.index();
      if (options.json) printJson(index);
      else print(showTemplates(index));
    });
}

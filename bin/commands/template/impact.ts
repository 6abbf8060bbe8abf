/** `kedge template impact`: shows the changes of a version on every live line, before a line has it. */
import type { Command } from "commander";
import { central } from "#bin/input/central.ts";
import { folders } from "#bin/input/template-folders.ts";
import { impactProgress, showImpact } from "#bin/show/impact.ts";
import { exitCodes } from "#bin/show/outcome.ts";
import { print, printJson } from "#bin/show/print.ts";
import { templateImpact } from "#operate/templates/impact.ts";

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
      const found = await templateImpact({ ...(await central()), folders }, wanted, impactProgress);
      if (process.stderr.isTTY) process.stderr.write("\r");
      if (options.json) printJson(found.impacts);
      else print(showImpact(found));
      if (found.impacts.some(({ kind }) => kind === "unavailable")) process.exitCode = exitCodes.failed;
    });
}

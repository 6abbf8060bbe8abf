/** `kedge estate impact`: shows the changes of an estate file on every live line, before it is published. */
import type { Command } from "commander";
import { central } from "#bin/input/central.ts";
import { readEstate } from "#bin/input/estate-file.ts";
import { showEstateImpact } from "#bin/show/estate-impact.ts";
import { impactProgress } from "#bin/show/impact.ts";
import { exitCodes } from "#bin/show/outcome.ts";
import { print, printJson } from "#bin/show/print.ts";

export function registerEstateImpact(estate: Command): void {
  estate
    .command("impact")
    .argument("<file>", "the estate file before it is published")
    .description(
      "Plan every live line with it and show what would change (central account); exit 1 if a line could not be released.",
    )
    .option("--details", "also show the changes of each pipeline: its stages, actions and permissions")
    .option("--json", "print it as JSON, with every detail")
    .action(async (file: string, options: { readonly details?: boolean; readonly json?: boolean }) => {
      const { estateImpact } = await import("#operate/estate-impact.ts");
      const found = await estateImpact(await central(), await readEstate(file), impactProgress);
      if (process.stderr.isTTY) process.stderr.write("\r");
      if (options.json) printJson(found);
      else print(showEstateImpact(found, options.details));
      if (found.impacts.some(({ kind }) => kind === "unavailable")) process.exitCode = exitCodes.failed;
    });
}

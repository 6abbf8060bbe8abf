/** `kedge sweep`: lets the anchor find orphans of removed lines, and remove them with `--fix`. */
import type { Command } from "commander";
import { orphanDeps } from "#aws/deps-anchor-operator.ts";
import { awsConfig } from "#bin/input/aws-config.ts";
import { showOrphans } from "#bin/show/orphans.ts";
import { exitCodes } from "#bin/show/outcome.ts";
import { print, printJson } from "#bin/show/print.ts";
import { collectOrphans } from "#operate/collect-orphans.ts";

type SweepOptions = { readonly fix?: boolean; readonly json?: boolean };

export function registerSweep(program: Command): void {
  program
    .command("sweep")
    .description(
      "Find stacks, pipelines, cache objects and results that no line owns, in the anchor of your credentials and its targets.",
    )
    .option("--fix", "remove what may be removed")
    .option("--json", "print what was found as JSON")
    .addHelpText(
      "after",
      "\nExit code 0: nothing is left; 1: something is.\nThe anchor looks by itself every hour, and says so in the log of kedge-sweep; only --fix removes anything.\n",
    )
    .action(async ({ fix = false, json = false }: SweepOptions) => {
      const orphans = await collectOrphans(orphanDeps(awsConfig()), { fix });
      if (json) printJson(orphans);
      else print(showOrphans(orphans, fix));
      process.exitCode = orphans.every(({ removed }) => removed) ? exitCodes.ok : exitCodes.failed;
    });
}

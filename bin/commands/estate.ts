/** `kedge estate check`: reads an estate file as the control plane would, and shows which branch may go where. */
import type { Command } from "commander";
import { readEstate } from "#bin/input/estate-file.ts";
import { showEstate } from "#bin/show/estate.ts";
import { print, printJson } from "#bin/show/print.ts";

type CheckOptions = { readonly branch: string[]; readonly json?: boolean };

export function registerEstate(program: Command): void {
  const estate = program.command("estate").description("Work with the estate file.");
  estate
    .command("check")
    .argument("<file>", "the estate file, e.g. estate.yml")
    .description("Check an estate file and show which branch may reach which environment.")
    .option("--branch <name...>", "branches to show", ["main", "feature/example"])
    .option("--json", "print the estate as it is understood")
    .action(async (file: string, options: CheckOptions) => {
      const parsed = await readEstate(file);
      if (options.json) printJson(parsed);
      else print(showEstate(parsed, options.branch));
    });
}

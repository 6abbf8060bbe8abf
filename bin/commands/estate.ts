/**
 * `kedge estate check`: reads an estate file as the control plane would, and shows which branch may go where.
 * `kedge estate guardrails`: prints the policies for the organization. `confirm` and `impact` have files of their own.
 */
import type { Command } from "commander";
import { readEstate } from "#bin/input/estate-file.ts";
import { showEstate } from "#bin/show/estate.ts";
import { CommandError, exitCodes } from "#bin/show/outcome.ts";
import { print, printJson } from "#bin/show/print.ts";
import { guardrailsOf } from "#operate/guardrails.ts";
import { unprovenDuties } from "#release/estate/session-names.ts";
import { registerConfirm } from "./estate-confirm.ts";
import { registerEstateImpact } from "./estate-impact.ts";

type CheckOptions = { readonly branch: string[]; readonly json?: boolean };

export function registerEstate(program: Command): void {
  const estate = program.command("estate").description("Work with the estate file.");
  registerConfirm(estate);
  registerEstateImpact(estate);
  estate
    .command("check")
    .argument("<file>", "the estate file, e.g. estate.yml")
    .description("Check an estate file and show which branch may reach which environment.")
    .option("--branch <name...>", "branches to show", ["main", "feature/example"])
    .option("--json", "print the estate as it is understood")
    .action(async (file: string, options: CheckOptions) => {
      const parsed = await readEstate(file);
      const unproven = parsed.anchors.flatMap(unprovenDuties);
      if (unproven.length > 0) throw new CommandError(unproven.join("\n  "), exitCodes.rejected);
      if (options.json) printJson(parsed);
      else print(showEstate(parsed, options.branch));
    });
  estate
    .command("guardrails")
    .argument("<file>", "the estate file, e.g. estate.yml")
    .description(
      "Print the service and resource control policies that protect the estate from above, as JSON.",
    )
    .option("--policy <name>", "print this policy alone, as AWS Organizations takes it")
    .action(async (file: string, { policy }: { readonly policy?: string }) => {
      const all = guardrailsOf(await readEstate(file));
      const found = all.find(({ name }) => name === policy);
      if (policy === undefined) return printJson(all);
      if (found !== undefined) return print(JSON.stringify(found.policy));
      const names = all.map(({ name }) => name).join(", ");
      return estate.error(`There is no policy ${policy}; this estate has ${names}.`, { exitCode: 64 });
    });
}

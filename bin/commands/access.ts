/**
 * `kedge access`: shows the rights of each role in an estate, and the attack path of every violated
 * invariant.
 */
import type { Command } from "commander";
import { requiredEstate } from "#bin/input/estate-file.ts";
import { exitCodes } from "#bin/show/outcome.ts";

type AccessOptions = {
  readonly estate?: string;
  readonly principal: readonly string[];
  readonly json?: boolean;
};

export function registerAccess(program: Command): void {
  program
    .command("access")
    .description(
      "Show who can do what where, and check that no team gets past a gate. Reads templates and code; calls nothing.",
    )
    .option("--estate <file>", "the estate file (default: $KEDGE_ESTATE)")
    .option("--principal <name...>", "show these principals' calls only, e.g. kedge-ci", [])
    .option("--json", "print rights, holders, invariants and violations as JSON")
    .addHelpText(
      "after",
      "\nExit code 1 when an invariant is violated; each violation comes with its attack path.",
    )
    .action(async ({ estate: file, principal: principals, json = false }: AccessOptions) => {
      const estate = await requiredEstate(file, "accounts there are");
      // Synthesis loads the CDK, which takes a second that other commands need not spend.
      const { accessDeps } = await import("#bin/input/access-deps.ts");
      const { accessReport } = await import("#operate/access.ts");
      const { accessJson, showAccess } = await import("#bin/show/access.ts");
      const report = await accessReport(accessDeps, { estate, principals });
      process.stdout.write(json ? accessJson(report) : showAccess(report));
      if (report.violations.length > 0) process.exitCode = exitCodes.failed;
    });
}

/** `kedge access`: who can do what where in an estate, whether what must hold does, and how an attack would go if not. */
import type { Command } from "commander";
import { CommandError, exitCodes } from "./outcome.ts";

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
    .action(async ({ estate, principal, json = false }: AccessOptions) => {
      const file = estate ?? process.env["KEDGE_ESTATE"];
      if (file === undefined)
        throw new CommandError(
          "No estate file: pass --estate or set KEDGE_ESTATE; it says which accounts there are.",
        );
      // Synthesis loads the CDK, which no other command should wait for.
      const { showAccess } = await import("#operate/access/show.ts");
      const { text, holds } = await showAccess(file, { principals: principal, json });
      process.stdout.write(text);
      if (!holds) process.exitCode = exitCodes.failed;
    });
}

/** `kedge sweep`: asks the anchor what lines that are no more have left behind, and has it removed with `--fix`. */
import { InvokeCommand, LambdaClient } from "@aws-sdk/client-lambda";
import type { Command } from "commander";
import type { Swept } from "#journey/sweep.ts";
import { functions } from "#release/names/deployed-names.ts";
import { CommandError, exitCodes } from "./outcome.ts";

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
      "\nRun it as kedge-operator of the anchor. Exit code 0: nothing is left; 1: something is.\nThe anchor looks by itself every hour, and says so in the log of kedge-sweep; only --fix removes anything.\n",
    )
    .action(async ({ fix = false, json = false }: SweepOptions) => {
      const swept = await invoke(fix);
      process.stdout.write(json ? `${JSON.stringify(swept, null, 2)}\n` : `${shown(swept, fix)}\n`);
      process.exitCode = swept.every(({ removed }) => removed) ? exitCodes.ok : exitCodes.failed;
    });
}

async function invoke(fix: boolean): Promise<readonly Swept[]> {
  const order = new InvokeCommand({ FunctionName: functions.sweep, Payload: JSON.stringify({ fix }) });
  const { FunctionError, Payload } = await new LambdaClient({}).send(order);
  const answer = JSON.parse(new TextDecoder().decode(Payload)) as unknown;
  if (FunctionError === undefined) return answer as readonly Swept[];
  const { errorType, errorMessage } = answer as { errorType?: string; errorMessage?: string };
  throw new CommandError(`${functions.sweep} failed: ${errorType}: ${errorMessage}`, exitCodes.failed);
}

function shown(swept: readonly Swept[], fix: boolean): string {
  if (swept.length === 0) return "Everything belongs to a line.";
  const lines = swept.map(({ kind, name, environment, why, removable, removed }) => {
    const where = environment === undefined ? "" : ` in ${environment}`;
    const what = removed ? "removed" : removable ? "orphan" : "look at";
    return `  ${what.padEnd(8)} ${kind.padEnd(18)} ${name}${where}\n           ${why}`;
  });
  const left = swept.filter(({ removed }) => !removed);
  const hint = !fix && left.some(({ removable }) => removable) ? "\nRemove them with: kedge sweep --fix" : "";
  return `${lines.join("\n")}\n${swept.length} found, ${left.length} left.${hint}`;
}

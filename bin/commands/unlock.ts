/** `kedge unlock`: opens an environment that a broken clearance has stopped. */
import type { Command } from "commander";
import { unlockDeps } from "#aws/deps-anchor-operator.ts";
import { awsConfig } from "#bin/input/aws-config.ts";
import { type LineOptions, lineOf, withLineOptions } from "#bin/input/line-options.ts";
import { requireOptions } from "#bin/input/required-options.ts";
import { print } from "#bin/show/print.ts";
import { unlock } from "#operate/unlock.ts";
import { formatKey } from "#release/names/key.ts";

type UnlockOptions = LineOptions & { readonly environment?: string; readonly reason?: string };

export function registerUnlock(program: Command): void {
  const command = program
    .command("unlock")
    .description("Open an environment that takes no release, because one was not what had been approved.");
  withLineOptions(command)
    .option("--environment <name>", "the environment that is stopped (needed)")
    .option("--reason <text>", "the finding, which is kept in the lock (needed)")
    .addHelpText("after", "\nRun it in the region of the anchor.\n")
    .action(async ({ environment: named, reason: given, ...options }: UnlockOptions) => {
      const { environment, reason } = requireOptions({
        options: { environment: named, reason: given },
        hints: {
          environment: "the environment that is stopped",
          reason: "the finding, which is kept in the lock",
        },
        outcome: "Not opened",
      });
      const line = await lineOf(options);
      const deps = await unlockDeps(awsConfig(), line.account);
      const { stopped, execution } = await unlock(deps, { line, environment, reason });
      print(
        `${environment} takes releases of ${formatKey(line)} again. The execution ${execution} had stopped it at ${stopped?.at}: ${stopped?.sentence}`,
      );
    });
}

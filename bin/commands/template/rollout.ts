/** `kedge template rollout`: moves lines to a version, wave by wave, and halts where one fails. */
import type { Command } from "commander";
import { central } from "#bin/input/central.ts";
import { seconds } from "#bin/input/numbers.ts";
import { readWaves } from "#bin/input/waves.ts";
import { exitCodes } from "#bin/show/outcome.ts";
import { print } from "#bin/show/print.ts";
import { showProgress, showRollout } from "#bin/show/rollout.ts";
import { lastRollout, rollOut } from "#operate/templates/roll-out.ts";

type RolloutOptions = {
  readonly wave: string[];
  readonly status?: boolean;
  readonly timeout: string | number;
};

const pollMs = 2000;

export function registerRollout(template: Command): void {
  template
    .command("rollout")
    .argument(
      "<name[@version]>",
      "the version to move lines to; with --status, or to go on, the name is enough",
    )
    .description("Move lines to a published version, wave by wave. Run again, it goes on where it was.")
    .option(
      "--wave <selector>",
      "a wave, e.g. percent=5 · anchor=bank · tag.tier=pilot · app=shop,branch=main (repeat in order; what no wave selects comes last)",
      (value: string, before: string[]) => [...before, value],
      [] as string[],
    )
    .option("--status", "show how far it is, and end")
    .option<string | number>(
      "--timeout <seconds>",
      "give up following a wave after so long; the rollout stays as it is",
      seconds,
      "3600",
    )
    .action(async (wanted: string, options: RolloutOptions) => {
      const deps = await central();
      if (options.status) return print(showRollout(wanted, await lastRollout(deps, wanted)));
      const waves = readWaves(options.wave);
      const order = { wanted, waves, pollMs, timeoutMs: Number(options.timeout) * 1000 };
      const ended = await rollOut(deps, order, showProgress());
      print(showRollout(wanted, ended));
      process.exitCode = ended.state === "done" ? exitCodes.ok : exitCodes.failed;
    });
}

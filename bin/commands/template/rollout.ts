/** `kedge template rollout`: moves lines to a version, wave by wave, and halts where one fails. */
import { styleText } from "node:util";
import type { Command } from "commander";
import { CommandError, exitCodes } from "#bin/commands/outcome.ts";
import { central } from "#operate/templates/central.ts";
import { type Progress, RolloutTimedOut, rollOut } from "#operate/templates/roll-out.ts";
import { type Rollout, templateLabel } from "#release/template/template-index.ts";
import { findVersion, withRollout } from "#release/template/template-publish.ts";
import { readWaves } from "./waves.ts";

type RolloutOptions = {
  readonly wave: string[];
  readonly status?: boolean;
  readonly timeout: string;
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
    .option(
      "--timeout <seconds>",
      "give up following a wave after so long; the rollout stays as it is",
      "3600",
    )
    .action(async (wanted: string, options: RolloutOptions) => {
      const from = await central();
      const [name = wanted] = wanted.split("@");
      const under = (await from.registry.index()).rollouts.find((each) => each.name === name);
      if (options.status) {
        process.stdout.write(under ? `${described(under)}\n` : `${name} was never rolled out.\n`);
        return;
      }
      if (under?.state !== "moving") {
        const to = findVersion(await from.registry.index(), wanted);
        await from.registry.change((index) => withRollout(index, to, readWaves(options.wave)));
      } else if (wanted.includes("@") && templateLabel(under.to) !== wanted) {
        throw new CommandError(`${templateLabel(under.to)} is being rolled out; end that first.`);
      }
      process.exitCode = await follow({ from, name, timeoutMs: Number(options.timeout) * 1000 });
    });
}

async function follow(order: {
  readonly from: Awaited<ReturnType<typeof central>>;
  readonly name: string;
  readonly timeoutMs: number;
}): Promise<number> {
  let last = "";
  const onProgress = ({ wave, done, of, approvals }: Progress): void => {
    const text = `${wave}: ${done} of ${of} lines${approvals > 0 ? `, ${approvals} wait for approval` : ""}`;
    if (text !== last) process.stdout.write(`${text}\n`);
    last = text;
  };
  try {
    const { from: central, name, timeoutMs } = order;
    const ended = await rollOut({ central, name, timeoutMs, pollMs, onProgress });
    process.stdout.write(`${described(ended)}\n`);
    return ended.state === "done" ? exitCodes.ok : exitCodes.failed;
  } catch (error) {
    if (error instanceof RolloutTimedOut)
      throw new CommandError(error.message, exitCodes.timedOut, { cause: error });
    throw error;
  }
}

function described({ name, from, to, waves, begun, state, why }: Rollout): string {
  const states: Record<Rollout["state"], string> = {
    moving: `wave ${begun} of ${waves.length} (${waves[begun - 1]?.name ?? "not begun"})`,
    halted: styleText("red", `halted in wave ${begun} of ${waves.length}`),
    done: styleText("green", "done"),
    "taken-back": "taken back",
  };
  return [
    `${name} ${from.version} → ${to.version}: ${states[state]}`,
    ...(why === undefined ? [] : [`  ${why}`]),
    ...(state === "halted" ? [`  Take it back with: kedge template rollback ${name}`] : []),
  ].join("\n");
}

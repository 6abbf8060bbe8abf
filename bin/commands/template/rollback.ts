/** `kedge template rollback`: every line a rollout has moved goes back to the version before. */
import type { Command } from "commander";
import { CommandError } from "#bin/commands/outcome.ts";
import { askToLook } from "#operate/templates/ask-to-look.ts";
import { central } from "#operate/templates/central.ts";
import { latestResults, liveLines } from "#operate/templates/live-lines.ts";
import { templateLabel } from "#release/template/template-index.ts";
import { withRolloutState } from "#release/template/template-publish.ts";

export function registerRollback(template: Command): void {
  template
    .command("rollback")
    .argument("<name>", "the release template")
    .description("Take the last rollout back: its lines are released with the version before again.")
    .action(async (name: string) => {
      const from = await central();
      const last = (await from.registry.index()).rollouts.find((each) => each.name === name);
      if (last === undefined || last.state === "taken-back") {
        throw new CommandError(`${name} has no rollout that could be taken back.`);
      }
      await from.registry.change((index) => withRolloutState(index, name, { state: "taken-back" }));
      const lines = (await liveLines(from)).map(({ line }) => line);
      const results = await latestResults(from, lines);
      const moved = results.filter(({ result }) => result?.template?.name === name).map(({ line }) => line);
      await askToLook(from, moved);
      process.stdout.write(
        `${templateLabel(last.from)} is current again; ${moved.length} lines are looked at, and those that had ${last.to.version} are released with ${last.from.version}.\n`,
      );
    });
}

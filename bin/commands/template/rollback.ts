/** `kedge template rollback`: moves every line of a rollout back to the version before. */
import type { Command } from "commander";
import { central } from "#bin/input/central.ts";
import { print } from "#bin/show/print.ts";
import { rollBack } from "#operate/templates/roll-back.ts";
import { counted } from "#release/names/counted.ts";
import { templateLabel } from "#release/template/template-index.ts";

export function registerRollback(template: Command): void {
  template
    .command("rollback")
    .argument("<name>", "the release template")
    .description("Take the last rollout back: its lines are released with the version before again.")
    .action(async (name: string) => {
      const { rollout, lines, keeps } = await rollBack(await central(), name);
      const { from, to } = rollout;
      if (keeps)
        return print(
          `The rollout of ${templateLabel(to)} is taken back, but ${templateLabel(from)} is withdrawn: lines keep the version that they have. Roll out another version.`,
        );
      print(
        `${templateLabel(from)} is current again; ${counted(lines, "line is", "lines are")} looked at, and those that had ${to.version} are released with ${from.version}.`,
      );
    });
}

/** `kedge template withdraw`: no new release takes the version any more. */
import type { Command } from "commander";
import { central } from "#bin/input/central.ts";
import { print, printJson } from "#bin/show/print.ts";
import { showWithdrawn } from "#bin/show/templates.ts";
import { withdrawTemplate } from "#operate/templates/withdraw-template.ts";

type WithdrawOptions = { readonly reason?: string; readonly json?: boolean };

export function registerWithdraw(template: Command): void {
  template
    .command("withdraw")
    .argument("<name@version>", "e.g. sam@1.0.0")
    .description("Withdraw a published version: no new release takes it. List the lines that have it.")
    .option(
      "--reason <text>",
      "the reason, which uploaders read; given again, it replaces the earlier reason",
    )
    .option("--json", "print it as JSON")
    .action(async (wanted: string, { reason, json }: WithdrawOptions) => {
      const order = { wanted, ...(reason !== undefined && { reason }) };
      const withdrawn = await withdrawTemplate(await central(), order);
      if (json) printJson(withdrawn);
      else print(showWithdrawn(withdrawn));
    });
}

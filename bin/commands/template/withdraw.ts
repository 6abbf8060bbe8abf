/** `kedge template withdraw`: shows the effect and asks; then no new release takes the version any more. */
import type { Command } from "commander";
import { atTerminal } from "#bin/input/ask.ts";
import { central } from "#bin/input/central.ts";
import { confirm } from "#bin/input/confirm.ts";
import { print, printJson } from "#bin/show/print.ts";
import { showWithdrawalEffect, showWithdrawn } from "#bin/show/templates.ts";
import { withdrawalEffect, withdrawTemplate } from "#operate/templates/withdraw-template.ts";

type WithdrawOptions = { readonly reason?: string; readonly yes?: boolean; readonly json?: boolean };

export function registerWithdraw(template: Command): void {
  template
    .command("withdraw")
    .argument("<name@version>", "e.g. sam@1.0.0")
    .description("Withdraw a published version: no new release takes it. List the lines that have it.")
    .option(
      "--reason <text>",
      "the reason, which uploaders read; given again, it replaces the earlier reason",
    )
    .option("--yes", "do not ask at a terminal")
    .option("--json", "print it as JSON, and do not ask")
    .addHelpText(
      "after",
      "\nA withdrawal cannot be taken back. At a terminal the command shows the effect and asks. Without a terminal it does\nnot ask: it withdraws the version, with or without --yes, because a script has made its decision.\n",
    )
    .action(async (wanted: string, { reason, yes, json }: WithdrawOptions) => {
      const order = { wanted, ...(reason !== undefined && { reason }) };
      const deps = await central();
      if (!yes && !json && atTerminal()) {
        print(showWithdrawalEffect(await withdrawalEffect(deps, wanted)));
        await confirm("Withdraw it?", "Nothing was done");
      }
      const withdrawn = await withdrawTemplate(deps, order);
      if (json) printJson(withdrawn);
      else print(showWithdrawn(withdrawn));
    });
}

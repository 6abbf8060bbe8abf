/** `kedge template withdraw`: shows the effect and asks; then no new release takes the version any more. */
import type { Command } from "commander";
import { central } from "#bin/input/central.ts";
import { confirmAtTerminal } from "#bin/input/confirm.ts";
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
    .option("--yes", "do not ask")
    .option("--json", "print it as JSON, and do not ask")
    .addHelpText(
      "after",
      "\nAt a terminal it shows the effect and asks. Without a terminal it does not ask.\n",
    )
    .action(async (wanted: string, { reason, yes, json }: WithdrawOptions) => {
      const order = { wanted, ...(reason !== undefined && { reason }) };
      const deps = await central();
      if (!yes && !json) {
        await confirmAtTerminal({
          shown: async () => showWithdrawalEffect(await withdrawalEffect(deps, wanted)),
          question: "Withdraw it? Type yes: ",
        });
      }
      const withdrawn = await withdrawTemplate(deps, order);
      if (json) printJson(withdrawn);
      else print(showWithdrawn(withdrawn));
    });
}

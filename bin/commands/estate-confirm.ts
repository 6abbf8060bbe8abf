/** `kedge estate confirm`: the second person reads the loosened settings of an estate, and publishes it. */
import type { Command } from "commander";
import { ask } from "#bin/input/ask.ts";
import { awsConfig } from "#bin/input/aws-config.ts";
import { CommandError } from "#bin/show/outcome.ts";
import { print } from "#bin/show/print.ts";

type ConfirmOptions = { readonly digest: string; readonly show?: boolean; readonly yes?: boolean };

export function registerConfirm(estate: Command): void {
  estate
    .command("confirm")
    .description("Publish an estate that loosens a gate, as the second person (central account).")
    .requiredOption("--digest <sha256>", "the digest that kedge publish printed")
    .option("--show", "print the estate that waits, and end")
    .option("--yes", "do not ask")
    .action(async ({ digest, show = false, yes = false }: ConfirmOptions) => {
      const { proposalDeps } = await import("#aws/deps-publish.ts");
      const { confirmEstate, looseningSentence, waitingEstate } = await import("#operate/publish-estate.ts");
      const { proposals } = await proposalDeps(awsConfig());
      const { text, loosenings } = await waitingEstate(proposals, digest);
      if (show) return void process.stdout.write(text);
      print(`The estate ${digest.slice(0, 12)} loosens ${loosenings.length} settings:`);
      for (const each of loosenings) print(`  ${looseningSentence(each)}`);
      if (!yes) await askFor(digest);
      const { state } = await confirmEstate(proposals, text);
      print(`${state} the estate`);
    });
}

async function askFor(digest: string): Promise<void> {
  if (!process.stdin.isTTY)
    throw new CommandError(`Not published: pass --yes to confirm ${digest} without a terminal.`);
  const answer = await ask("Publish it? Type yes: ", process.stderr);
  if (answer.trim() !== "yes") throw new CommandError("Not published: the answer was not yes.");
}

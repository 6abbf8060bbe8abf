/** `kedge estate confirm`: the second person reads the loosened settings of an estate, and publishes it. */
import type { Command } from "commander";
import { atTerminal } from "#bin/input/ask.ts";
import { awsConfig } from "#bin/input/aws-config.ts";
import { confirm } from "#bin/input/confirm.ts";
import { requireOptions } from "#bin/input/required-options.ts";
import { print } from "#bin/show/print.ts";
import { counted } from "#release/names/counted.ts";

type ConfirmOptions = { readonly digest?: string; readonly show?: boolean; readonly yes?: boolean };

export function registerConfirm(estate: Command): void {
  estate
    .command("confirm")
    .description("Publish an estate that loosens a gate, as the second person (central account).")
    .option("--digest <sha256>", "the digest that kedge publish printed; needed to publish")
    .option("--show", "print the estate that waits, and end")
    .option("--yes", "do not ask")
    .action(async ({ digest: named, show = false, yes = false }: ConfirmOptions) => {
      if (!show)
        requireOptions({
          options: { digest: named, yes: yes || atTerminal() ? "given" : undefined },
          hints: { digest: "kedge publish and --show print it", yes: "there is no terminal to ask" },
          outcome: "Not published",
        });
      const { proposalDeps } = await import("#aws/deps-publish.ts");
      const { confirmEstate, looseningSentence, onlyProposal, waitingEstate } = await import(
        "#operate/publish-estate.ts"
      );
      const { proposals } = await proposalDeps(awsConfig());
      const digest = named ?? (await onlyProposal(proposals));
      const { text, loosenings } = await waitingEstate(proposals, digest);
      if (show) {
        process.stderr.write(`${looseningText(digest, loosenings.map(looseningSentence))}\n`);
        return void process.stdout.write(text);
      }
      print(looseningText(digest, loosenings.map(looseningSentence)));
      if (!yes) await confirm("Publish it?", "Not published");
      const { state } = await confirmEstate(proposals, text);
      print(`${state} the estate`);
    });
}

const looseningText = (digest: string, sentences: readonly string[]): string =>
  [
    `The estate ${digest} loosens ${counted(sentences.length, "setting")}${sentences.length > 0 ? ":" : "."}`,
    ...sentences.map((each) => `  ${each}`),
  ].join("\n");

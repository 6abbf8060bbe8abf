/** `kedge estate confirm`: the second person reads the loosened settings of an estate, and publishes it. */

import type { Command } from "commander";
import { ask } from "#bin/input/ask.ts";
import { awsConfig } from "#bin/input/aws-config.ts";
import { CommandError } from "#bin/show/outcome.ts";
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
      if (!show) requireConfirmation(named, yes);
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
      if (!yes) await askFor();
      const { state } = await confirmEstate(proposals, text);
      print(`${state} the estate`);
    });
}

const looseningText = (digest: string, sentences: readonly string[]): string =>
  [
    `The estate ${digest} loosens ${counted(sentences.length, "setting")}${sentences.length > 0 ? ":" : "."}`,
    ...sentences.map((each) => `  ${each}`),
  ].join("\n");

/** Names every option that is missing, before the first call of AWS. */
function requireConfirmation(digest: string | undefined, yes: boolean): void {
  const missing = [
    ...(digest === undefined ? ["--digest (kedge publish and --show print it)"] : []),
    ...(yes || process.stdin.isTTY ? [] : ["--yes (there is no terminal to ask)"]),
  ];
  if (missing.length > 0) throw new CommandError(`Not published: pass ${missing.join(" and ")}.`);
}

async function askFor(): Promise<void> {
  const answer = await ask("Publish it? Type yes: ", process.stderr);
  if (answer.trim() !== "yes") throw new CommandError("Not published: the answer was not yes.");
}

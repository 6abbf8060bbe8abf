/** Asks a person on the terminal whether to go on. */
import { CommandError } from "#bin/show/outcome.ts";
import { print } from "#bin/show/print.ts";
import { ask } from "./ask.ts";

export async function confirmRemoval(key: string): Promise<void> {
  if (!process.stdin.isTTY)
    throw new CommandError(
      `This removes everything ${key} deployed; pass --yes to do so without a terminal.`,
    );
  const question = `This removes everything ${key} deployed, in every environment. Type yes to go on: `;
  const answer = await ask(question, process.stderr);
  if (answer.trim() !== "yes") throw new CommandError("Nothing was done.");
}

type Confirmation = { readonly shown: () => Promise<string>; readonly question: string };

/** Shows the effect and asks. Without a terminal it does neither, because a script has made its decision. */
export async function confirmAtTerminal({ shown, question }: Confirmation): Promise<void> {
  if (!process.stdin.isTTY || !process.stdout.isTTY) return;
  print(await shown());
  const answer = await ask(question, process.stdout);
  if (answer.trim().toLowerCase() !== "yes")
    throw new CommandError("Nothing was done: the answer was not yes.");
}

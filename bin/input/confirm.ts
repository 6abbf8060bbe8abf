/** Asks a person on the terminal whether to go on. */
import { CommandError } from "#bin/show/outcome.ts";
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

/** Asks a person on the terminal whether to go on. */
import { createInterface } from "node:readline/promises";
import { CommandError } from "#bin/show/outcome.ts";

export async function confirmRemoval(key: string): Promise<void> {
  if (!process.stdin.isTTY)
    throw new CommandError(
      `This removes everything ${key} deployed; pass --yes to do so without a terminal.`,
    );
  const prompt = createInterface({ input: process.stdin, output: process.stderr });
  const answer = await prompt.question(
    `This removes everything ${key} deployed, in every environment. Type yes to go on: `,
  );
  prompt.close();
  if (answer.trim() !== "yes") throw new CommandError("Nothing was done.");
}

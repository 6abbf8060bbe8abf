/** Asks a person at the terminal whether to go on. */
import { CommandError } from "#bin/show/outcome.ts";
import { ask } from "./ask.ts";

/**
 * Throws a `CommandError` for every answer but yes. `outcome` begins its message.
 * @example await confirm("Publish it?", "Not published");
 */
export async function confirm(question: string, outcome: string): Promise<void> {
  const answer = await ask(`${question} Type yes: `);
  if (answer.trim().toLowerCase() !== "yes") throw new CommandError(`${outcome}: the answer was not yes.`);
}

/** Asks a person at the terminal, and answers the line that the person typed. */
import { createInterface } from "node:readline/promises";

/** A person reads the effect in the output and types the answer, so both have to be a terminal. */
export const atTerminal = (): boolean => Boolean(process.stdin.isTTY && process.stdout.isTTY);

/** The question goes to standard error, because another program may read the output. */
export async function ask(question: string): Promise<string> {
  const prompt = createInterface({ input: process.stdin, output: process.stderr });
  try {
    return await prompt.question(question);
  } finally {
    prompt.close();
  }
}

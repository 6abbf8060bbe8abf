/** Asks a person at the terminal, and answers the line that the person typed. */
import { createInterface } from "node:readline/promises";

/** A command whose output another program may read asks on standard error. */
export async function ask(question: string, output: NodeJS.WriteStream): Promise<string> {
  const prompt = createInterface({ input: process.stdin, output });
  try {
    return await prompt.question(question);
  } finally {
    prompt.close();
  }
}

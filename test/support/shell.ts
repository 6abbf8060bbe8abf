/** Reads a command as a POSIX shell reads it. */
import { execFile } from "node:child_process";
import { promisify } from "node:util";

/** The words that the shell passes on, after all its expansions. Throws when the shell cannot read the command. */
export async function wordsInShell(command: string): Promise<readonly string[]> {
  const { stdout } = await promisify(execFile)("sh", ["-c", `printf '%s\\0' ${command}`]);
  return stdout.split("\0").slice(0, -1);
}

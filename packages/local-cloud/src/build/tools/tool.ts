/**
 * Defines a recorded tool: a stand-in on a build's PATH for a program that would need a service this cloud
 * does not have. It checks its command line and files as the program would, keeps the program's records,
 * and reports that it did no other work.
 */

export type ToolContext = {
  readonly words: readonly string[];
  readonly cwd: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly say: (line: string) => void;
};

/** The error of a program. The caller gets only its message. */
export class ToolFailure extends Error {
  override name = "ToolFailure";
}

/** Runs the tool as this process. */
export async function runTool(name: string, run: (context: ToolContext) => Promise<void>): Promise<void> {
  const say = (line: string): void => void process.stdout.write(`${line}\n`);
  const context: ToolContext = {
    words: process.argv.slice(2),
    cwd: process.cwd(),
    // biome-ignore lint/style/noProcessEnv: a program reads its own environment.
    environment: process.env,
    say,
  };
  try {
    await run(context);
  } catch (error) {
    const known = error instanceof Error && ["ToolFailure", "HclError"].includes(error.name);
    process.stderr.write(`Error: ${known ? (error as Error).message : `${name}: ${String(error)}`}\n`);
    process.exitCode = 1;
  }
}

export type Options = {
  readonly operands: readonly string[];
  /** The values of each option, in order. The value of a flag is "true". */
  readonly values: (name: string) => readonly string[];
  readonly value: (name: string) => string | undefined;
};

/**
 * Reads `-name=value`, `--name value` and flags. `takes` are the options with a value, `flags` the options
 * without. Any other option is an error.
 */
export function readOptions(
  words: readonly string[],
  { takes, flags }: { readonly takes: readonly string[]; readonly flags: readonly string[] },
): Options {
  const operands: string[] = [];
  const found: [string, string][] = [];
  const queue = [...words];
  for (let word = queue.shift(); word !== undefined; word = queue.shift()) {
    const option = /^--?([A-Za-z][A-Za-z0-9-]*)(?:=(.*))?$/s.exec(word);
    if (option === null) {
      operands.push(word);
      continue;
    }
    const [, name = "", inline] = option;
    if (flags.includes(name)) found.push([name, inline ?? "true"]);
    else if (!takes.includes(name)) throw new ToolFailure(`flag provided but not defined: -${name}`);
    else {
      const value = inline ?? queue.shift();
      if (value === undefined) throw new ToolFailure(`flag needs an argument: -${name}`);
      found.push([name, value]);
    }
  }
  const values = (name: string): readonly string[] =>
    found.flatMap(([key, value]) => (key === name ? [value] : []));
  return { operands, values, value: (name) => values(name).at(-1) };
}

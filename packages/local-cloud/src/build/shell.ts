/**
 * Runs shell commands in sequence as child processes, with a clean environment and a folder of their own.
 * Variables and working directory pass from command to command, and process groups can be killed.
 */
import { existsSync } from "node:fs";
import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { launch } from "./launcher.ts";

export type Environment = Readonly<Record<string, string>>;

export type Shell = {
  /**
   * Returns the exit code and the output of the command. The code is 137 when the shell was closed during
   * the command.
   */
  readonly run: (command: string) => Promise<{ readonly exitCode: number; readonly output: string }>;
  readonly environment: () => Environment;
  /** Kills all running processes, in the background too. */
  readonly close: () => void;
};

const program = existsSync("/bin/bash") ? "/bin/bash" : "/bin/sh";

/**
 * The wrapper saves folder and environment at every end of the command. `set -a` exports all assignments,
 * functions too, because the commands run as in one shell, where plain variables persist.
 */
const wrapper = `trap '__code=$?; { pwd; env -0; } > "$0.state" 2>/dev/null; exit $__code' EXIT; set -a; . "$0"`;

export async function openShell(options: {
  readonly cwd: string;
  readonly environment: Environment;
  /** A folder of the shell's own, for its scripts and output. */
  readonly folder: string;
  /** Registers the end of the processes with the cloud's stop; returns a function that cancels it. */
  readonly onStop: (end: () => void) => () => void;
}): Promise<Shell> {
  const { folder } = options;
  let { cwd, environment } = options;
  let closed = false;
  let groups: number[] = [];
  await mkdir(folder, { recursive: true });
  const script = join(folder, "command");
  const close = (): void => {
    closed = true;
    killAll(groups);
  };

  const readState = async (): Promise<void> => {
    const text = await readFile(`${script}.state`, "utf8").catch(() => "");
    const line = text.indexOf("\n");
    if (line < 0) return;
    cwd = text.slice(0, line);
    environment = parseEnvironment(text.slice(line + 1));
  };
  const run: Shell["run"] = async (command) => {
    if (closed) return { exitCode: 137, output: "" };
    await writeFile(script, command);
    await rm(`${script}.state`, { force: true });
    // The output goes to a file, because a background process that holds a pipe would delay the command's
    // end.
    const output = join(folder, "output");
    const child = await launch({ file: program, args: ["-c", wrapper, script], cwd, environment, output });
    groups.push(child.pid);
    // The shell was closed during the set-up.
    if (closed) killAll(groups);
    const cancel = options.onStop(close);
    process.once("exit", close);
    const exitCode = await child.ended;
    cancel();
    process.off("exit", close);
    // The number of an empty group may later belong to another process.
    groups = groups.filter(isAlive);
    await readState();
    return { exitCode, output: await readFile(output, "utf8") };
  };
  return {
    run,
    environment: () => environment,
    close,
  };
}

function isAlive(group: number): boolean {
  try {
    return process.kill(-group, 0);
  } catch {
    return false;
  }
}

function killAll(groups: readonly number[]): void {
  for (const group of groups) {
    try {
      process.kill(-group, "SIGKILL");
    } catch {
      // The group has ended by itself.
    }
  }
}

const parseEnvironment = (text: string): Environment =>
  Object.fromEntries(
    text
      .split("\0")
      .map((entry) => entry.split(/=(.*)/s))
      .flatMap(([name = "", value]): [string, string][] => (value === undefined ? [] : [[name, value]]))
      .filter(([name]) => !["_", "SHLVL", "PWD", "OLDPWD"].includes(name)),
  );

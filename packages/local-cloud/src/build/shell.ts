/**
 * Runs shell commands in sequence in one sandbox, with a clean environment and a folder of their own. Variables
 * and working directory pass from command to command, and all processes can be killed.
 */
import { existsSync } from "node:fs";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Cloud } from "#cloud/kernel/cloud-type.ts";
import { openBuildSandbox } from "#cloud/sandbox/build-sandbox.ts";
import { readOutput } from "#cloud/sandbox/output-limit.ts";
import { environmentScript } from "./environment-script.ts";

export type Environment = Readonly<Record<string, string>>;

export type Shell = {
  /**
   * Returns the exit code and the output of the command. The code is 137 when the shell was closed during
   * the command.
   */
  readonly run: (command: string) => Promise<{ readonly exitCode: number; readonly output: string }>;
  readonly environment: () => Environment;
  /** Kills all running processes, in the background too. Resolves when they have ended. */
  readonly close: () => Promise<void>;
};

const program = existsSync("/bin/bash") ? "/bin/bash" : "/bin/sh";

/**
 * The wrapper saves folder and environment at every end of the command, in descriptor 3. `set -a` exports all
 * assignments, functions too, because the commands run as in one shell, where plain variables persist.
 */
const wrapper = `. "$0.env"; trap '__code=$?; { pwd; env -0; } >&3 2>/dev/null; exit $__code' EXIT; set -a; . "$0"`;

export async function openShell(options: {
  readonly cwd: string;
  readonly environment: Environment;
  /** The folder that the commands may write. */
  readonly folder: string;
  readonly memoryMb: number;
  readonly cloud: Pick<Cloud, "scratch" | "onStop" | "openSandboxNetwork">;
}): Promise<Shell> {
  const { folder, memoryMb, cloud } = options;
  const { scratch } = cloud;
  let { cwd, environment } = options;
  let closed = false;
  // The commands cannot write here. Otherwise a link of theirs would let the cloud write a file elsewhere.
  const control = await mkdtemp(join(scratch, "shell-"));
  const tools = join(scratch, "tools");
  const readable = [control, ...(existsSync(tools) ? [tools] : [])];
  await cloud.openSandboxNetwork();
  const sandbox = await openBuildSandbox(
    { scratch, folder, memoryMb, writable: [folder], readable },
    control,
  );
  const script = join(control, "command");
  const stop = (): void => void close();
  const cancel = cloud.onStop(stop);
  process.once("exit", stop);
  let running: Promise<unknown> = Promise.resolve();
  const close = async (): Promise<void> => {
    closed = true;
    cancel();
    process.off("exit", stop);
    await sandbox.end();
    await running;
    await rm(control, { recursive: true, force: true });
  };

  const readState = async (state: string): Promise<void> => {
    const text = await readFile(state, "utf8").catch(() => "");
    const line = text.indexOf("\n");
    if (line < 0) return;
    cwd = text.slice(0, line);
    environment = parseEnvironment(text.slice(line + 1));
  };
  const runOne: Shell["run"] = async (command) => {
    await Promise.all([
      writeFile(script, command),
      writeFile(`${script}.env`, environmentScript(environment), { mode: 0o600 }),
    ]);
    // The output goes to a file, because a background process that holds a pipe would delay the command's
    // end.
    const files = { output: join(control, "output"), state: join(control, "state") };
    const child = await sandbox.launch({ ...files, program: [program, "-c", wrapper, script], cwd });
    // The shell was closed during the start.
    if (closed) await sandbox.end();
    const exitCode = await child.ended;
    await readState(files.state);
    return { exitCode, output: readOutput(files.output) };
  };
  return {
    run: (command) => {
      if (closed) return Promise.resolve({ exitCode: 137, output: "" });
      const result = runOne(command);
      running = result.catch(() => undefined);
      return result;
    },
    environment: () => environment,
    close,
  };
}

const parseEnvironment = (text: string): Environment =>
  Object.fromEntries(
    text
      .split("\0")
      .map((entry) => entry.split(/=(.*)/s))
      .flatMap(([name = "", value]): [string, string][] => (value === undefined ? [] : [[name, value]]))
      .filter(([name]) => !["_", "SHLVL", "PWD", "OLDPWD"].includes(name)),
  );

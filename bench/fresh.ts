/** Runs a script or a program in a fresh process, and reads the JSON of its last line. */
import { spawn } from "node:child_process";
import { performance } from "node:perf_hooks";

class FreshProcessFailed extends Error {
  override name = "FreshProcessFailed";
}

type Fresh = {
  /** The arguments of `node`, or of `program` when it is given. */
  readonly args: readonly string[];
  readonly program?: string;
  readonly cwd?: string;
  /** Added to this process's environment. */
  readonly env?: Readonly<Record<string, string>>;
  /** Copies the error output of the process to the error output of this process at once. */
  readonly loud?: boolean;
};

type Ended = { readonly output: string; readonly ms: number };

/** `ms` is the time from spawn to exit. */
export function runFresh({
  args,
  program = process.execPath,
  cwd,
  env,
  loud = false,
}: Fresh): Promise<Ended> {
  const begun = performance.now();
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, {
      ...(cwd !== undefined && { cwd }),
      env: { ...process.env, ...env },
      stdio: ["ignore", "pipe", "pipe"],
    });
    const output: Buffer[] = [];
    const errors: Buffer[] = [];
    child.stdout.on("data", (chunk: Buffer) => output.push(chunk));
    child.stderr.on("data", (chunk: Buffer) => {
      errors.push(chunk);
      if (loud) process.stderr.write(chunk);
    });
    child.once("error", reject);
    child.once("close", (code) => {
      if (code === 0)
        return resolve({ output: Buffer.concat(output).toString(), ms: performance.now() - begun });
      const said = Buffer.concat([...errors, ...output])
        .toString()
        .slice(-4000);
      reject(new FreshProcessFailed(`${program} ${args.join(" ")} ended with ${code}; it said:\n${said}`));
    });
  });
}

/** Runs a script of `node` that ends with one printed line of JSON. */
export async function measureFresh<Figures>(fresh: Fresh): Promise<Figures> {
  const { output } = await runFresh(fresh);
  return JSON.parse(output.trimEnd().split("\n").at(-1) ?? "") as Figures;
}

/**
 * Starts the engine of a function's code and sends messages to it: a process in a sandbox, or a worker thread
 * for a Node function that the cloud's caller trusts.
 */
import { spawn } from "node:child_process";
import type { Socket } from "node:net";
import type { Readable, Writable } from "node:stream";
import { Worker } from "node:worker_threads";
import { siblingFile } from "#cloud/kernel/sibling-file.ts";
import type { Boot, FirstLine, InvokeMessage, SandboxMessage } from "./protocol.ts";
import { readMessages } from "./read-messages.ts";

export type Engine = {
  readonly send: (message: InvokeMessage) => void;
  readonly kill: () => void;
};

type EngineEvents = {
  readonly message: (message: SandboxMessage) => void;
  /** The engine ended. `reason` has AWS's words: `exit status 1`, `signal: killed`. */
  readonly exit: (reason: string) => void;
};

export type EngineOptions = {
  readonly boot: Omit<Boot, "sdkBase" | "compileCache">;
  readonly env: Readonly<Record<string, string>>;
  readonly memoryMb: number;
  readonly start: { readonly compileCache: string } & (
    | { readonly kind: "thread" }
    | { readonly kind: "process"; readonly command: readonly string[] }
  );
};

export const startEngine = (options: EngineOptions, events: EngineEvents): Engine =>
  options.start.kind === "thread"
    ? startWorker(options, events)
    : startProcess(options, options.start.command, events);

function startWorker(
  { boot, env, memoryMb, start: { compileCache } }: EngineOptions,
  events: EngineEvents,
): Engine {
  const worker = new Worker(siblingFile("node-boot.ts", import.meta.url), {
    // Node reads this variable when the thread starts, and the boot code removes it before the function runs.
    env: { ...env, NODE_COMPILE_CACHE: compileCache },
    workerData: { ...boot, sdkBase: import.meta.url, compileCache: undefined } satisfies Boot,
    execArgv: ["--disable-warning=ExperimentalWarning"],
    resourceLimits: { maxOldGenerationSizeMb: memoryMb },
    stdout: true,
    stderr: true,
    stdin: false,
  });
  let ended = false;
  const end = (reason: string): void => {
    if (ended) return;
    ended = true;
    events.exit(reason);
  };
  worker.on("message", events.message);
  worker.on("error", (error: Error & { code?: string }) =>
    end(error.code === "ERR_WORKER_OUT_OF_MEMORY" ? "signal: killed" : `exit status 1: ${error.message}`),
  );
  worker.on("exit", (code) => end(`exit status ${code}`));
  // An idle sandbox does not keep the cloud's process alive.
  worker.unref();
  return {
    send: (message) => worker.postMessage(message),
    kill: () => void worker.terminate(),
  };
}

function startProcess(
  { boot, env, start: { compileCache } }: EngineOptions,
  [file = "", ...args]: readonly string[],
  events: EngineEvents,
): Engine {
  const child = spawn(file, args, {
    cwd: "/",
    // The function's own environment comes in the first line: here it would reach programs outside the sandbox.
    env: { PATH: "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin" },
    stdio: ["ignore", "pipe", "pipe", "pipe", "pipe"],
  });
  const kill = (): void => void child.kill("SIGKILL");
  const log = (chunk: Buffer): void => events.message({ kind: "log", text: chunk.toString("utf8") });
  child.stdout?.on("data", log);
  child.stderr?.on("data", log);
  readMessages(child.stdio[3] as Readable, events.message, kill);
  const commands = child.stdio[4] as Writable;
  const write = (line: FirstLine | InvokeMessage): void => void commands.write(`${JSON.stringify(line)}\n`);
  commands.on("error", () => undefined);
  child.on("error", (error) => events.exit(`${file} could not be started: ${error.message}`));
  child.on("close", (code, signal) => events.exit(reasonOf(code, signal)));
  // An idle sandbox does not keep the cloud's process alive.
  child.unref();
  for (const stream of child.stdio) (stream as Socket | null)?.unref();
  write({ boot: { ...boot, sdkBase: import.meta.url, compileCache }, env });
  return { send: write, kill };
}

/** The shell around the program returns 128 and the number of the signal that ended it. These end a program by force. */
const fatalSignals = [4, 5, 6, 7, 8, 9, 11].map((signal) => 128 + signal);

const reasonOf = (code: number | null, signal: string | null): string =>
  signal !== null || fatalSignals.includes(code ?? 0) ? "signal: killed" : `exit status ${code}`;

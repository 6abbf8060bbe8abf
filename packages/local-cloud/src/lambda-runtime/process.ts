/**
 * Starts the engine of a function's code and sends messages to it: a worker thread for Node, a child
 * process for Python.
 */
import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import type { Readable, Writable } from "node:stream";
import { fileURLToPath } from "node:url";
import { Worker } from "node:worker_threads";
import { siblingFile } from "#cloud/kernel/sibling-file.ts";
import type { Boot, InvokeMessage, SandboxMessage } from "./protocol.ts";

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
  readonly runtime: string;
  readonly boot: Boot;
  readonly env: Readonly<Record<string, string>>;
  readonly memoryMb: number;
  /** The folder in which Node keeps compiled code, so that the next sandbox of a function starts sooner. */
  readonly compileCache: string;
};

export function startEngine(options: EngineOptions, events: EngineEvents): Engine {
  return options.runtime.startsWith("nodejs") ? startWorker(options, events) : startPython(options, events);
}

function startWorker({ boot, env, memoryMb, compileCache }: EngineOptions, events: EngineEvents): Engine {
  const worker = new Worker(siblingFile("node-boot.ts", import.meta.url), {
    // Node reads this variable when the thread starts, and the boot code removes it before the function runs.
    env: { ...env, NODE_COMPILE_CACHE: compileCache },
    workerData: boot,
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

function startPython({ env }: EngineOptions, events: EngineEvents): Engine {
  const script = fileURLToPath(siblingFile("python_boot.py", import.meta.url));
  const child = spawn("python3", ["-u", script], {
    env: { ...env, PYTHONDONTWRITEBYTECODE: "1" },
    stdio: ["ignore", "pipe", "pipe", "pipe", "pipe"],
  });
  const log = (chunk: Buffer): void => events.message({ kind: "log", text: chunk.toString("utf8") });
  child.stdout?.on("data", log);
  child.stderr?.on("data", log);
  const answers = createInterface({ input: child.stdio[3] as Readable });
  answers.on("line", (line) => events.message(JSON.parse(line) as SandboxMessage));
  const commands = child.stdio[4] as Writable;
  commands.on("error", () => undefined);
  child.on("error", (error) => events.exit(`python3 could not be started: ${error.message}`));
  child.on("close", (code, signal) =>
    events.exit(signal === null ? `exit status ${code}` : "signal: killed"),
  );
  return {
    send: (message) => void commands.write(`${JSON.stringify(message)}\n`),
    kill: () => void child.kill("SIGKILL"),
  };
}

/**
 * Starts an embedded cloud in a process of its own. A test kills a process that has a data directory, and
 * starts it again on the same data.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";

export type CloudProcess = {
  readonly endpoint: string;
  /** Sends SIGKILL and resolves when the process has ended. */
  readonly kill: () => Promise<void>;
  /** Asks the process to stop, and resolves when it has ended. */
  readonly stop: () => Promise<void>;
  /** Pushes the cloud's clock. */
  readonly push: (ms: number) => Promise<void>;
};

/** Most objects of a call die with it. In a larger young generation they die before they are copied. */
const nodeOptions = ["--max-semi-space-size=64"];

class NotStarted extends Error {
  override name = "NotStarted";
}

/**
 * `script` is `packages/local-cloud/src/main.ts`, or a script that takes the same options and prints its
 * address in the same way. Without `dataDir` the cloud keeps its state in memory.
 */
export async function startProcess(
  script: string,
  dataDir: string | undefined,
  more: readonly string[] = [],
): Promise<CloudProcess> {
  const data = dataDir === undefined ? [] : ["--data", dataDir];
  const child = spawn(process.execPath, [...nodeOptions, script, "--port", "0", ...data, ...more], {
    stdio: ["ignore", "pipe", "pipe"],
  });
  const endpoint = await addressOf(child);
  const end = async (signal: NodeJS.Signals): Promise<void> => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    const gone = once(child, "exit");
    child.kill(signal);
    await gone;
  };
  return {
    endpoint,
    kill: () => end("SIGKILL"),
    stop: () => end("SIGTERM"),
    push: async (ms) => {
      const body = JSON.stringify({ push: ms });
      await fetch(`${endpoint}/_cloud/clock`, { method: "POST", headers: { "x-local-cloud": "1" }, body });
    },
  };
}

function addressOf(child: ChildProcess): Promise<string> {
  let said = "";
  return new Promise((resolve, reject) => {
    child.stderr?.on("data", (chunk: Buffer) => {
      said += chunk.toString();
    });
    child.stdout?.on("data", (chunk: Buffer) => {
      said += chunk.toString();
      const address = /http:\/\/127\.0\.0\.1:\d+/.exec(said)?.[0];
      if (address !== undefined) resolve(address);
    });
    child.once("exit", () => reject(new NotStarted(`The cloud ended before it was up:\n${said}`)));
  });
}

/**
 * Starts an embedded cloud in a process of its own, on a data directory. A test kills the process and
 * starts it again on the same data.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";

export type CloudProcess = {
  readonly endpoint: string;
  /** Sends SIGKILL and resolves when the process has ended. */
  readonly kill: () => Promise<void>;
  /** Pushes the cloud's clock. */
  readonly push: (ms: number) => Promise<void>;
};

class NotStarted extends Error {
  override name = "NotStarted";
}

/**
 * `script` is `packages/local-cloud/src/main.ts`, or a script that takes the same options and prints its
 * address in the same way.
 */
export async function startProcess(
  script: string,
  dataDir: string,
  more: readonly string[] = [],
): Promise<CloudProcess> {
  const child = spawn(process.execPath, [script, "--port", "0", "--data", dataDir, ...more], {
    stdio: ["ignore", "pipe", "pipe"],
  });
  const endpoint = await addressOf(child);
  return {
    endpoint,
    kill: async () => {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const gone = once(child, "exit");
      child.kill("SIGKILL");
      await gone;
    },
    push: async (ms) => {
      const body = JSON.stringify({ push: ms });
      await fetch(`${endpoint}/_cloud/clock`, { method: "POST", body });
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

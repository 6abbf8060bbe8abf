/**
 * The channel between the code that runs a function and the cloud. In a thread it is the thread's port. In a process,
 * descriptor 3 takes answers and descriptor 4 brings commands, one JSON line each; the first line has the boot data
 * and the function's environment.
 */
import { readSync, writeSync } from "node:fs";
import { Socket } from "node:net";
import { createInterface } from "node:readline";
import { parentPort, workerData } from "node:worker_threads";
import type { Boot, FirstLine, InvokeMessage, SandboxMessage } from "./protocol.ts";

type Channel = {
  readonly boot: Boot;
  readonly say: (message: SandboxMessage) => void;
  readonly listen: (receive: (message: InvokeMessage) => void) => void;
};

export function openChannel(): Channel {
  if (parentPort === null) return processChannel();
  const port = parentPort;
  return {
    boot: workerData as Boot,
    say: (message) => port.postMessage(message),
    listen: (receive) => void port.on("message", receive),
  };
}

const ANSWERS = 3;
const COMMANDS = 4;

function processChannel(): Channel {
  const { boot, env } = JSON.parse(readLine()) as FirstLine;
  // biome-ignore lint/style/noProcessEnv: this process is the function's, and so is its environment.
  for (const name of Object.keys(process.env)) delete process.env[name];
  // biome-ignore lint/style/noProcessEnv: this process is the function's, and so is its environment.
  Object.assign(process.env, env);
  return {
    boot,
    // A write that blocks keeps the order, and loses nothing when the function exits at once.
    say: (message) => {
      const bytes = Buffer.from(`${JSON.stringify(message)}\n`);
      for (let at = 0; at < bytes.length; ) at += writeSync(ANSWERS, bytes, at);
    },
    listen: (receive) => {
      const commands = new Socket({ fd: COMMANDS, readable: true, writable: false });
      createInterface({ input: commands }).on("line", (line) => receive(JSON.parse(line) as InvokeMessage));
      commands.once("end", () => process.exit());
    },
  };
}

/** The cloud sends the next line after an answer, so no byte of it can be read here. */
function readLine(): string {
  const chunks: Buffer[] = [];
  const chunk = Buffer.alloc(65_536);
  for (;;) {
    const length = readSync(COMMANDS, chunk);
    chunks.push(Buffer.from(chunk.subarray(0, length)));
    if (length === 0 || chunk[length - 1] === 10) return Buffer.concat(chunks).toString("utf8");
  }
}

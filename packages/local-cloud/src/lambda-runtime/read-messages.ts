/**
 * Reads the messages of a function's process. The process runs foreign code, which may write anything: a line that
 * is too long or is no message ends the sandbox.
 */
import type { Readable } from "node:stream";
import type { SandboxMessage } from "./protocol.ts";

/** An answer of 6 MB whose every byte is escaped stays below it (Lambda Developer Guide, "Lambda quotas"). */
const LINE_LIMIT = 40 * 1024 * 1024;

const NEWLINE = 10;

export function readMessages(
  input: Readable,
  receive: (message: SandboxMessage) => void,
  kill: () => void,
): void {
  let chunks: Buffer[] = [];
  let size = 0;
  let ended = false;
  const end = (): void => {
    ended = true;
    kill();
  };
  const take = (line: Buffer): void => {
    const message = parse(line.toString("utf8"));
    if (message !== undefined) receive(message);
    else end();
  };
  input.on("data", (chunk: Buffer) => {
    let rest = chunk;
    for (let at = rest.indexOf(NEWLINE); at >= 0 && !ended; at = rest.indexOf(NEWLINE)) {
      take(Buffer.concat([...chunks, rest.subarray(0, at)]));
      chunks = [];
      size = 0;
      rest = rest.subarray(at + 1);
    }
    if (ended || rest.length === 0) return;
    chunks.push(rest);
    size += rest.length;
    if (size > LINE_LIMIT) end();
  });
}

const kinds: readonly unknown[] = ["ready", "log", "init-error", "result", "fault"];

function parse(line: string): SandboxMessage | undefined {
  try {
    const message = JSON.parse(line) as Partial<Record<string, unknown>> | null;
    const { kind, text, payload, fault } = message ?? {};
    if (!kinds.includes(kind)) return undefined;
    if (kind === "log" && typeof text !== "string") return undefined;
    if (kind === "result" && typeof payload !== "string") return undefined;
    const hasFault = kind === "fault" || kind === "init-error";
    if (hasFault && typeof (fault as { errorType?: unknown } | undefined)?.errorType !== "string")
      return undefined;
    return message as SandboxMessage;
  } catch {
    return undefined;
  }
}

/**
 * A sandbox: starts once, runs one invocation at a time, and turns every end of the code (an answer, a
 * throw, an exit, a timeout, too much memory) into an outcome in AWS's words.
 */

import { truncated } from "#cloud/sandbox/output-limit.ts";
import { type Engine, type EngineOptions, startEngine } from "./process.ts";
import type { Fault, InvokeMessage, Outcome, SandboxMessage } from "./protocol.ts";
import { exitFault, initTimeout, taskTimeout } from "./sandbox-faults.ts";

/**
 * The limit of the initialization, separate from the function's timeout. AWS allows 10 seconds and then
 * repeats it within the invocation, so an overrun is no failure there (Lambda Developer Guide, "Understanding
 * the Lambda execution environment lifecycle"). Here all functions share one machine, so the limit is longer.
 */
const INIT_LIMIT = 60_000;

/** The output that is kept for one invocation. Further output of a loop that prints would fill the memory. */
const LOG_LIMIT = 4 * 1024 * 1024;

/** A fault before any invocation has this request id. */
const NO_REQUEST = "00000000-0000-0000-0000-000000000000";

export type Sandbox = {
  /** Resolves when the handler is loaded, or with a fault when it cannot be loaded. */
  readonly ready: Promise<Fault | undefined>;
  readonly invoke: (message: InvokeMessage, timeoutMs: number) => Promise<Outcome>;
  readonly kill: () => void;
  readonly alive: () => boolean;
  /** Returns the output since the last call. */
  readonly takeLog: () => string;
};

export function startSandbox(options: EngineOptions): Sandbox {
  let alive = true;
  let log = "";
  let settleReady: (fault: Fault | undefined) => void = () => undefined;
  let running: { readonly id: string; readonly end: (outcome: Outcome) => void } | undefined;
  const ready = new Promise<Fault | undefined>((resolve) => {
    settleReady = resolve;
  });

  const exited = (reason: string): void => {
    alive = false;
    settleReady(exitFault(NO_REQUEST, reason));
    running?.end({ ok: false, fault: exitFault(running.id, reason), dead: true });
  };
  const receive = (message: SandboxMessage): void => {
    if (message.kind === "log") log = withinLimit(log, message.text);
    else if (message.kind === "ready") settleReady(undefined);
    else if (message.kind === "init-error") {
      kill();
      settleReady(message.fault);
    } else if (message.kind === "fault" && message.fatal) {
      kill();
      settleReady(message.fault);
      running?.end({ ok: false, fault: message.fault, dead: true });
    } else if (message.id === running?.id) {
      if (message.kind === "result") running.end({ ok: true, payload: message.payload });
      else running.end({ ok: false, fault: message.fault, dead: false });
    }
  };
  const engine: Engine = startEngine(options, { message: receive, exit: exited });
  const kill = (): void => {
    alive = false;
    engine.kill();
  };

  limitInitialization(ready, () => {
    kill();
    settleReady(initTimeout(options.boot.handler, INIT_LIMIT));
  });

  return {
    ready,
    alive: () => alive,
    kill,
    takeLog: () => {
      const taken = log;
      log = "";
      return taken;
    },
    invoke: (message, timeoutMs) =>
      new Promise((resolve) => {
        const timer = setTimeout(() => {
          kill();
          running?.end({ ok: false, fault: taskTimeout(message.id, timeoutMs), dead: true });
        }, timeoutMs);
        running = {
          id: message.id,
          end: (outcome) => {
            clearTimeout(timer);
            running = undefined;
            resolve(outcome);
          },
        };
        if (alive) engine.send(message);
        else exited("signal: killed");
      }),
  };
}

function withinLimit(log: string, text: string): string {
  if (log.length > LOG_LIMIT) return log;
  const longer = log + text;
  return longer.length <= LOG_LIMIT ? longer : `${longer.slice(0, LOG_LIMIT)}\n${truncated(LOG_LIMIT)}\n`;
}

function limitInitialization(ready: Promise<unknown>, onLimit: () => void): void {
  const timer = setTimeout(onLimit, INIT_LIMIT);
  void ready.then(() => clearTimeout(timer));
}

/**
 * A sandbox: starts once, runs one invocation at a time, and turns every end of the code (an answer, a
 * throw, an exit, a timeout, too much memory) into an outcome in AWS's words.
 */

import { type Engine, type EngineOptions, startEngine } from "./process.ts";
import type { Fault, InvokeMessage, Outcome, SandboxMessage } from "./protocol.ts";

/**
 * The limit of the initialization, separate from the function's timeout. AWS allows 10 seconds and then
 * repeats it within the invocation, so an overrun is no failure there. Here all functions share one
 * machine, so the limit is longer.
 */
const INIT_LIMIT = 60_000;

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
    const fault = (id: string): Fault => ({
      errorType: "Runtime.ExitError",
      errorMessage:
        reason === "exit status 0"
          ? `RequestId: ${id} Error: Runtime exited without providing a reason`
          : `RequestId: ${id} Error: Runtime exited with error: ${reason}`,
    });
    settleReady(fault("00000000-0000-0000-0000-000000000000"));
    running?.end({ ok: false, fault: fault(running.id), dead: true });
  };
  const receive = (message: SandboxMessage): void => {
    if (message.kind === "log") log += message.text;
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

  const initTimer = setTimeout(() => {
    kill();
    settleReady({
      errorType: "Sandbox.Timedout",
      errorMessage: `The initialisation of ${options.boot.handler} took longer than ${INIT_LIMIT / 1000} seconds`,
    });
  }, INIT_LIMIT);
  void ready.then(() => clearTimeout(initTimer));

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
          running?.end({
            ok: false,
            dead: true,
            fault: {
              errorType: "Sandbox.Timedout",
              errorMessage: `RequestId: ${message.id} Error: Task timed out after ${(timeoutMs / 1000).toFixed(2)} seconds`,
            },
          });
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

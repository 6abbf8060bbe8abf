/** Invokes the product's functions in their sandboxes. The caller decides the outcome of each call that a function makes. */
import type { Asked } from "./asked.ts";
import type { DeployedFunction } from "./base.ts";
import { type SimulatedCloud, settle } from "./cloud.ts";
import type { Handler } from "./functions.ts";
import type { CallOutcome } from "./transport.ts";

/** Decides the outcome of each call of one invocation. `index` counts from 0. */
export type OutcomeOf = (asked: Asked, index: number) => CallOutcome | Promise<CallOutcome>;

export const pass: CallOutcome = { type: "pass" };
const noFaults: OutcomeOf = () => pass;

/** The circumstances of an invocation. */
export type Circumstances = {
  readonly outcomeOf?: OutcomeOf;
  /** Called after each call, when all of its effects have happened. */
  readonly afterCall?: () => void;
  /** The event or message comes again after success, as when the function dies at its very end. */
  readonly keep?: boolean;
};

/** The end of an invocation. */
export type Ended = "done" | "failed" | "died";

/** Called for every call of a function. `about` is the message group of the queue, if there is one. */
export type OnAsked = (by: string, asked: Asked, outcome: string, about: string) => void;

export type Invoke = (
  of: DeployedFunction,
  event: unknown,
  about: string,
  circumstances: Circumstances,
) => Promise<{ readonly ended: Ended; readonly answer?: unknown }>;

type Sandbox = { readonly handler: Handler; dead: boolean; serving: Invocation | undefined };
type Invocation = Required<Pick<Circumstances, "outcomeOf" | "afterCall">> & {
  index: number;
  readonly about: string;
  readonly death: () => void;
};

export function createInvoke(cloud: SimulatedCloud, onAsked: OnAsked): Invoke {
  const sandboxes = new Map<DeployedFunction, Sandbox[]>();

  /** As in Lambda, a function that is called while it runs gets another sandbox. */
  const idleSandbox = async (of: DeployedFunction): Promise<Sandbox> => {
    const pool = sandboxes.get(of) ?? [];
    sandboxes.set(of, pool);
    const idle = pool.find(({ serving }) => serving === undefined);
    if (idle !== undefined) return idle;
    const sandbox = await openSandbox(cloud, of, onAsked);
    pool.push(sandbox);
    return sandbox;
  };

  return async (of, event, about, { outcomeOf = noFaults, afterCall = () => undefined }) => {
    const sandbox = await idleSandbox(of);
    const outcome = await new Promise<{ ended: Ended; answer?: unknown }>((resolve) => {
      sandbox.serving = { outcomeOf, afterCall, index: 0, about, death: () => resolve({ ended: "died" }) };
      sandbox.handler(event).then(
        (answer) => resolve({ ended: "done", answer }),
        () => resolve({ ended: "failed" }),
      );
    });
    sandbox.serving = undefined;
    if (outcome.ended === "died")
      sandboxes.set(of, sandboxes.get(of)?.filter((each) => each !== sandbox) ?? []);
    await settle(cloud.memory);
    return outcome;
  };
}

async function openSandbox(cloud: SimulatedCloud, of: DeployedFunction, onAsked: OnAsked): Promise<Sandbox> {
  const handler = await cloud.sandbox(of, {
    outcomeOf: (asked) => {
      const { serving } = sandbox;
      return serving === undefined ? pass : serving.outcomeOf(asked, serving.index++);
    },
    afterCall: async (asked, outcome) => {
      await settle(cloud.memory);
      onAsked(of.name, asked, outcome, sandbox.serving?.about ?? "");
      sandbox.serving?.afterCall();
    },
    died: () => {
      sandbox.dead = true;
      sandbox.serving?.death();
    },
    dead: () => sandbox.dead,
  });
  const sandbox: Sandbox = { handler, dead: false, serving: undefined };
  return sandbox;
}

/**
 * The moves there are in a simulated world, each played to its end: an invocation of a function, the deliveries that
 * lead to one, what people do, and time. Which move comes next, and what goes wrong in it, its caller decides.
 */

import type { JobRow } from "@kedge/local-cloud/services/codepipeline/state";
import type { QueuedEvent } from "@kedge/local-cloud/services/lambda/state";
import { functions, registryBucket } from "#release/names/deployed-names.ts";
import { formatKey, type Line } from "#release/names/key.ts";
import { lineNameOfPipeline } from "#release/names/names.ts";
import { registryKeys } from "#release/names/registry-keys.ts";
import type { Asked } from "./asked.ts";
import type { DeployedFunction, Poll } from "./base.ts";
import { settle, type World } from "./cloud.ts";
import type { Handler } from "./functions.ts";
import { createQueues, type Held, type Queues } from "./queues.ts";
import type { Fate } from "./transport.ts";

/** Decides over each call of one invocation, in order from 0. */
export type FateOf = (asked: Asked, index: number) => Fate | Promise<Fate>;

export const pass: Fate = { type: "pass" };
const noFaults: FateOf = () => pass;

/** Under which a function is invoked. */
export type Circumstances = {
  readonly fateOf?: FateOf;
  /** Heard after each call, when all that followed from it has happened. */
  readonly told?: () => void;
  /** What was done comes again all the same, as when the function dies at its very end. */
  readonly keep?: boolean;
};

/** How an invocation ended. */
type Ended = "done" | "failed" | "died";

export type Player = Queues & {
  readonly world: World;
  /** Events that wait to be handed to a function: of EventBridge and of CodePipeline. */
  readonly events: () => readonly (QueuedEvent & { readonly account: string })[];
  /** Hands an event to its function. What fails stays, as Lambda tries it again. */
  readonly handle: (event: string, options?: Circumstances) => Promise<Ended>;
  readonly lose: (event: string) => void;
  /** An event comes, once more or late. */
  readonly bring: (event: QueuedEvent & { readonly account: string }) => void;
  /** The same event once more. */
  readonly double: (event: string) => void;
  /** Invokes the function with a batch; deletes what was done. */
  readonly batch: (poll: Poll, held: readonly Held[], options?: Circumstances) => Promise<Ended>;
  readonly upload: (line: Line, artifact: Uint8Array) => Promise<string>;
  /** The anchor's hourly look at all its lines. */
  readonly sweep: (account: string) => void;
  /** `kedge sweep --fix` in the anchor. */
  readonly tidy: (account: string) => void;
  readonly publishEstate: (text: string) => Promise<void>;
  /** The cloud's own work gets on by one step; false when it has none. */
  readonly tick: () => Promise<boolean>;
  readonly canTick: () => boolean;
};

/** Whoever wants to know of every call a function makes; `about` is the queue's group, where there is one. */
type OnAsked = (by: string, asked: Asked, outcome: string, about: string) => void;

/** Timers further away than this are not the cloud at work, but waiting: an approval's end, an hourly sweep. */
const horizon = 5 * 60_000;
const attempts = 3;

type Sandbox = { readonly handler: Handler; dead: boolean; serving: Invocation | undefined };
type Invocation = Required<Pick<Circumstances, "fateOf" | "told">> & {
  index: number;
  readonly about: string;
  readonly death: () => void;
};

export function createPlayer(world: World, onAsked: OnAsked = () => undefined): Player {
  const { functions: deployed, estate, bucket } = world.base;
  const { region } = estate;
  const queues = createQueues(world);
  const sandboxes = new Map<DeployedFunction, Sandbox[]>();
  const underWay = new Set<string>();
  const accounts = [...new Set(deployed.map(({ account }) => account))];
  let sweeps = 0;

  /** As in Lambda, a function that is called while it runs gets another sandbox. */
  const idleSandbox = async (of: DeployedFunction): Promise<Sandbox> => {
    const pool = sandboxes.get(of) ?? [];
    sandboxes.set(of, pool);
    const idle = pool.find(({ serving }) => serving === undefined);
    if (idle !== undefined) return idle;
    const handler = await world.sandbox(of, {
      fateOf: (asked) => {
        const { serving } = sandbox;
        return serving === undefined ? pass : serving.fateOf(asked, serving.index++);
      },
      told: async (asked, outcome) => {
        await settle(world.memory);
        onAsked(of.name, asked, outcome, sandbox.serving?.about ?? "");
        sandbox.serving?.told();
      },
      died: () => {
        sandbox.dead = true;
        sandbox.serving?.death();
      },
      dead: () => sandbox.dead,
    });
    const sandbox: Sandbox = { handler, dead: false, serving: undefined };
    pool.push(sandbox);
    return sandbox;
  };

  const invoke = async (
    of: DeployedFunction,
    event: unknown,
    about: string,
    { fateOf = noFaults, told = () => undefined }: Circumstances,
  ): Promise<{ readonly ended: Ended; readonly answer?: unknown }> => {
    const sandbox = await idleSandbox(of);
    const outcome = await new Promise<{ ended: Ended; answer?: unknown }>((resolve) => {
      sandbox.serving = { fateOf, told, index: 0, about, death: () => resolve({ ended: "died" }) };
      sandbox.handler(event).then(
        (answer) => resolve({ ended: "done", answer }),
        () => resolve({ ended: "failed" }),
      );
    });
    sandbox.serving = undefined;
    if (outcome.ended === "died")
      sandboxes.set(of, sandboxes.get(of)?.filter((each) => each !== sandbox) ?? []);
    await settle(world.memory);
    return outcome;
  };

  const eventTable = (account: string) =>
    world.memory.store.table<QueuedEvent>(`lambda/${account}/${region}/events`);
  const events: Player["events"] = () =>
    accounts.flatMap((account) =>
      world
        .rows<QueuedEvent>("lambda", account, "events")
        .filter(({ id }) => !underWay.has(id))
        .map((event) => ({ ...event, account })),
    );
  const schedule = (account: string, name: string, eventOf: (id: string) => object): void => {
    sweeps += 1;
    const id = `sweep-${sweeps}`;
    const now = world.now().getTime();
    eventTable(account).set(id, {
      id,
      function: name,
      qualifier: undefined,
      payload: JSON.stringify(eventOf(id)),
      queuedAt: now,
      dueAt: now,
      attempts: 0,
      throttles: 0,
    });
  };
  const lineOfJob = ({ account }: DeployedFunction, { payload }: QueuedEvent): string => {
    const { "CodePipeline.job": job } = JSON.parse(payload) as { "CodePipeline.job"?: { id: string } };
    const row = world.rows<JobRow>("codepipeline", account, "jobs").find(({ id }) => id === job?.id);
    return lineNameOfPipeline(row?.pipeline ?? "") ?? "";
  };
  const find = (id: string) => {
    const event = events().find((each) => each.id === id);
    const of = deployed.find(({ name, account }) => name === event?.function && account === event.account);
    return event && of && { event, of };
  };

  return {
    ...queues,
    // What is being handled is not visible again before its function's time is over.
    inFlight: (poll) => queues.inFlight(poll).filter(({ id }) => !underWay.has(id)),
    world,
    events,
    handle: async (id, circumstances = {}) => {
      const found = find(id);
      if (found === undefined) return "done";
      const { event, of } = found;
      underWay.add(id);
      const { ended } = await invoke(of, JSON.parse(event.payload), lineOfJob(of, event), circumstances);
      underWay.delete(id);
      const table = eventTable(of.account);
      if ((ended === "done" && !circumstances.keep) || event.attempts + 1 >= attempts) table.delete(id);
      else table.set(id, { ...event, attempts: event.attempts + 1 });
      return ended;
    },
    lose: (id) => void eventTable(find(id)?.of.account ?? "").delete(id),
    bring: ({ account, ...event }) => {
      const id = `${event.id}-late`;
      eventTable(account).set(id, { ...event, id, attempts: 0 });
    },
    double: (id) => {
      const found = find(id);
      if (found === undefined) return;
      const copy = `${id}-again`;
      eventTable(found.of.account).set(copy, { ...found.event, id: copy });
    },
    batch: async (poll, held, circumstances = {}) => {
      const { of } = poll;
      const about = [...new Set(held.map(({ group = "" }) => group))].join(" ");
      const records = { Records: held.map(({ record }) => record) };
      for (const { id } of held) underWay.add(id);
      const { ended, answer } = await invoke(of, records, about, circumstances);
      for (const { id } of held) underWay.delete(id);
      if (ended !== "done" || circumstances.keep) return ended;
      const { batchItemFailures = [] } = (answer ?? {}) as {
        batchItemFailures?: readonly { readonly itemIdentifier: string }[];
      };
      const failed = new Set(batchItemFailures.map(({ itemIdentifier }) => itemIdentifier));
      for (const each of held) if (!failed.has(each.id)) await queues.discard(poll, each);
      return failed.size > 0 ? "failed" : "done";
    },
    upload: async (line, Body) => {
      const { VersionId } = await world.ask<{ VersionId?: string }>(line.account, "s3", "PutObject", {
        Bucket: bucket,
        Key: formatKey(line),
        Body,
      });
      await settle(world.memory);
      return VersionId ?? "";
    },
    sweep: (account) => {
      const time = world.now().toISOString();
      schedule(account, functions.observe, (id) => ({
        ...{ id: `${id}-${time}`, source: "aws.events", "detail-type": "Scheduled Event" },
        ...{ account, time, detail: {} },
      }));
    },
    tidy: (account) => schedule(account, functions.sweep, (id) => ({ id, fix: true })),
    publishEstate: async (Body) => {
      const { central, region: home } = estate;
      const Bucket = registryBucket(central, home);
      await world.ask(central, "s3", "PutObject", { Bucket, Key: registryKeys.estate, Body });
      await settle(world.memory);
    },
    tick: () => world.tick(horizon),
    canTick: () => world.due(horizon),
  };
}

/**
 * The moves of a simulation, each played to its end: an invocation of a function, the deliveries before it,
 * the actions of people, and time. The caller decides the next move and its faults.
 */

import type { JobRow } from "@kedge/local-cloud/services/codepipeline/state";
import type { QueuedEvent } from "@kedge/local-cloud/services/lambda/state";
import { functions, registryBucket } from "#release/names/deployed-names.ts";
import { formatKey, type Line } from "#release/names/key.ts";
import { lineNameOfPipeline } from "#release/names/names.ts";
import { registryKeys } from "#release/names/registry-keys.ts";
import type { Asked } from "./asked.ts";
import type { DeployedFunction, Poll } from "./base.ts";
import { type SimulatedCloud, settle } from "./cloud.ts";
import type { Handler } from "./functions.ts";
import { createQueues, type Held, type Queues } from "./queues.ts";
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
type Ended = "done" | "failed" | "died";

export type Player = Queues & {
  readonly cloud: SimulatedCloud;
  /** Events of EventBridge and CodePipeline that wait for their function. */
  readonly events: () => readonly (QueuedEvent & { readonly account: string })[];
  /** Hands an event to its function. A failed event stays, because Lambda tries it again. */
  readonly handle: (event: string, options?: Circumstances) => Promise<Ended>;
  readonly lose: (event: string) => void;
  /** Adds an event once more, or late. */
  readonly bring: (event: QueuedEvent & { readonly account: string }) => void;
  /** Adds a copy of the event. */
  readonly double: (event: string) => void;
  /** Invokes the function with a batch, and deletes the messages that succeeded. */
  readonly batch: (poll: Poll, held: readonly Held[], options?: Circumstances) => Promise<Ended>;
  readonly upload: (line: Line, artifact: Uint8Array) => Promise<string>;
  /** The anchor's hourly resync. */
  readonly resync: (account: string) => void;
  /** `kedge sweep --fix` in the anchor. */
  readonly tidy: (account: string) => void;
  readonly publishEstate: (text: string) => Promise<void>;
  /** Runs the next step of the cloud's own work. Returns false when there is none. */
  readonly tick: () => Promise<boolean>;
  readonly canTick: () => boolean;
};

/** Called for every call of a function. `about` is the message group of the queue, if there is one. */
type OnAsked = (by: string, asked: Asked, outcome: string, about: string) => void;

/**
 * Timers further away than this are not work of the cloud, but waiting: an approval's end, an hourly resync.
 */
const horizon = 5 * 60_000;
const attempts = 3;

type Sandbox = { readonly handler: Handler; dead: boolean; serving: Invocation | undefined };
type Invocation = Required<Pick<Circumstances, "outcomeOf" | "afterCall">> & {
  index: number;
  readonly about: string;
  readonly death: () => void;
};

export function createPlayer(cloud: SimulatedCloud, onAsked: OnAsked = () => undefined): Player {
  const { functions: deployed, estate, bucket } = cloud.base;
  const { region } = estate;
  const queues = createQueues(cloud);
  const sandboxes = new Map<DeployedFunction, Sandbox[]>();
  const underWay = new Set<string>();
  const accounts = [...new Set(deployed.map(({ account }) => account))];
  let resyncs = 0;

  /** As in Lambda, a function that is called while it runs gets another sandbox. */
  const idleSandbox = async (of: DeployedFunction): Promise<Sandbox> => {
    const pool = sandboxes.get(of) ?? [];
    sandboxes.set(of, pool);
    const idle = pool.find(({ serving }) => serving === undefined);
    if (idle !== undefined) return idle;
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
    pool.push(sandbox);
    return sandbox;
  };

  const invoke = async (
    of: DeployedFunction,
    event: unknown,
    about: string,
    { outcomeOf = noFaults, afterCall = () => undefined }: Circumstances,
  ): Promise<{ readonly ended: Ended; readonly answer?: unknown }> => {
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

  const eventTable = (account: string) =>
    cloud.memory.store.table<QueuedEvent>(`lambda/${account}/${region}/events`);
  const events: Player["events"] = () =>
    accounts.flatMap((account) =>
      cloud
        .rows<QueuedEvent>("lambda", account, "events")
        .filter(({ id }) => !underWay.has(id))
        .map((event) => ({ ...event, account })),
    );
  const schedule = (account: string, name: string, eventOf: (id: string) => object): void => {
    resyncs += 1;
    const id = `sweep-${resyncs}`;
    const now = cloud.now().getTime();
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
    const row = cloud.rows<JobRow>("codepipeline", account, "jobs").find(({ id }) => id === job?.id);
    return lineNameOfPipeline(row?.pipeline ?? "") ?? "";
  };
  const find = (id: string) => {
    const event = events().find((each) => each.id === id);
    const of = deployed.find(({ name, account }) => name === event?.function && account === event.account);
    return event && of && { event, of };
  };

  return {
    ...queues,
    // A message that a function handles is not visible again before the function's timeout.
    inFlight: (poll) => queues.inFlight(poll).filter(({ id }) => !underWay.has(id)),
    cloud,
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
      const { VersionId } = await cloud.ask<{ VersionId?: string }>(line.account, "s3", "PutObject", {
        Bucket: bucket,
        Key: formatKey(line),
        Body,
      });
      await settle(cloud.memory);
      return VersionId ?? "";
    },
    resync: (account) => {
      const time = cloud.now().toISOString();
      schedule(account, functions.observe, (id) => ({
        ...{ id: `${id}-${time}`, source: "aws.events", "detail-type": "Scheduled Event" },
        ...{ account, time, detail: {} },
      }));
    },
    tidy: (account) => schedule(account, functions.sweep, (id) => ({ id, fix: true })),
    publishEstate: async (Body) => {
      const { central, region: home } = estate;
      const Bucket = registryBucket(central, home);
      await cloud.ask(central, "s3", "PutObject", { Bucket, Key: registryKeys.estate, Body });
      await settle(cloud.memory);
    },
    tick: () => cloud.tick(horizon),
    canTick: () => cloud.due(horizon),
  };
}

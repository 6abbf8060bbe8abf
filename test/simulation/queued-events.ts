/** The events of EventBridge and CodePipeline that wait for their function, and their faults. */
import type { JobRow } from "@kedge/local-cloud/services/codepipeline/state";
import type { QueuedEvent } from "@kedge/local-cloud/services/lambda/state";
import { functions } from "#release/names/deployed-names.ts";
import { lineNameOfPipeline } from "#release/names/names.ts";
import type { DeployedFunction } from "./base.ts";
import type { SimulatedCloud } from "./cloud.ts";
import type { Circumstances, Ended, Invoke } from "./invoke-function.ts";

export type QueuedEvents = {
  /** Events of EventBridge and CodePipeline that wait for their function. */
  readonly events: () => readonly (QueuedEvent & { readonly account: string })[];
  /** Hands an event to its function. A failed event stays, because Lambda tries it again. */
  readonly handle: (event: string, options?: Circumstances) => Promise<Ended>;
  readonly lose: (event: string) => void;
  /** Adds an event once more, or late. */
  readonly bring: (event: QueuedEvent & { readonly account: string }) => void;
  /** Adds a copy of the event. */
  readonly double: (event: string) => void;
  /** The anchor's hourly resync. */
  readonly resync: (account: string) => void;
  /** `kedge sweep --fix` in the anchor. */
  readonly tidy: (account: string) => void;
};

const attempts = 3;

/** `underWay` has the ids of events and messages that a function handles. */
export function createQueuedEvents(
  cloud: SimulatedCloud,
  invoke: Invoke,
  underWay: Set<string>,
): QueuedEvents {
  const { functions: deployed, estate } = cloud.base;
  const accounts = [...new Set(deployed.map(({ account }) => account))];
  let scheduled = 0;

  const eventTable = (account: string) =>
    cloud.memory.store.table<QueuedEvent>(`lambda/${account}/${estate.region}/events`);
  const events: QueuedEvents["events"] = () =>
    accounts.flatMap((account) =>
      cloud
        .rows<QueuedEvent>("lambda", account, "events")
        .filter(({ id }) => !underWay.has(id))
        .map((event) => ({ ...event, account })),
    );
  const find = (id: string) => {
    const event = events().find((each) => each.id === id);
    const of = deployed.find(({ name, account }) => name === event?.function && account === event.account);
    return event && of && { event, of };
  };
  const schedule = (account: string, name: string, eventOf: (id: string) => object): void => {
    scheduled += 1;
    const id = `sweep-${scheduled}`;
    const payload = JSON.stringify(eventOf(id));
    eventTable(account).set(id, newEvent(id, name, payload, cloud.now().getTime()));
  };

  return {
    events,
    handle: async (id, circumstances = {}) => {
      const found = find(id);
      if (found === undefined) return "done";
      const { event, of } = found;
      underWay.add(id);
      const about = lineOfJob(cloud, of, event);
      const { ended } = await invoke(of, JSON.parse(event.payload), about, circumstances);
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
    resync: (account) => {
      const time = cloud.now().toISOString();
      schedule(account, functions.observe, (id) => ({
        ...{ id: `${id}-${time}`, source: "aws.events", "detail-type": "Scheduled Event" },
        ...{ account, time, detail: {} },
      }));
    },
    tidy: (account) => schedule(account, functions.sweep, (id) => ({ id, fix: true })),
  };
}

const newEvent = (id: string, name: string, payload: string, now: number): QueuedEvent => ({
  id,
  function: name,
  qualifier: undefined,
  payload,
  queuedAt: now,
  dueAt: now,
  attempts: 0,
  throttles: 0,
});

function lineOfJob(cloud: SimulatedCloud, { account }: DeployedFunction, { payload }: QueuedEvent): string {
  const { "CodePipeline.job": job } = JSON.parse(payload) as { "CodePipeline.job"?: { id: string } };
  const row = cloud.rows<JobRow>("codepipeline", account, "jobs").find(({ id }) => id === job?.id);
  return lineNameOfPipeline(row?.pipeline ?? "") ?? "";
}

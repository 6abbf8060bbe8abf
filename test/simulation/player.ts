/**
 * The moves of a simulation, each played to its end: an invocation of a function, the deliveries before it,
 * the actions of people, and time. The caller decides the next move and its faults.
 */

import { proposeEstate } from "#operate/publish-estate.ts";
import { formatKey, type Line } from "#release/names/key.ts";
import type { Poll } from "./base.ts";
import { type SimulatedCloud, settle } from "./cloud.ts";
import { type Circumstances, createInvoke, type Ended, type OnAsked } from "./invoke-function.ts";
import { createQueuedEvents, type QueuedEvents } from "./queued-events.ts";
import { createQueues, type Held, type Queues } from "./queues.ts";
import { publishFunction, rootProposals } from "./root-proposals.ts";

export type Player = Queues &
  QueuedEvents & {
    readonly cloud: SimulatedCloud;
    /** Invokes the function with a batch, and deletes the messages that succeeded. */
    readonly batch: (poll: Poll, held: readonly Held[], options?: Circumstances) => Promise<Ended>;
    readonly upload: (line: Line, artifact: Uint8Array) => Promise<string>;
    readonly publishEstate: (text: string) => Promise<void>;
    /** Runs the next step of the cloud's own work. Returns false when there is none. */
    readonly tick: () => Promise<boolean>;
    readonly canTick: () => boolean;
  };

/**
 * Timers further away than this are not work of the cloud, but waiting: an approval's end, an hourly resync.
 */
const horizon = 5 * 60_000;

export function createPlayer(cloud: SimulatedCloud, onAsked: OnAsked = () => undefined): Player {
  const { estate, bucket } = cloud.base;
  const queues = createQueues(cloud);
  const invoke = createInvoke(cloud, onAsked);
  const underWay = new Set<string>();

  return {
    ...queues,
    ...createQueuedEvents(cloud, invoke, underWay),
    // A message that a function handles is not visible again before the function's timeout.
    inFlight: (poll) => queues.inFlight(poll).filter(({ id }) => !underWay.has(id)),
    cloud,
    batch: async (poll, held, circumstances = {}) => {
      const about = [...new Set(held.map(({ group = "" }) => group))].join(" ");
      const records = { Records: held.map(({ record }) => record) };
      for (const { id } of held) underWay.add(id);
      const { ended, answer } = await invoke(poll.of, records, about, circumstances);
      for (const { id } of held) underWay.delete(id);
      if (ended !== "done" || circumstances.keep) return ended;
      const failed = failedMessages(answer);
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
    publishEstate: async (text) => {
      const of = publishFunction(cloud.base.functions, estate.central);
      const proposals = rootProposals(cloud, estate, async (event) => {
        const { answer } = await invoke(of, event, "", {});
        return answer;
      });
      await proposeEstate(proposals, text);
      await settle(cloud.memory);
    },
    tick: () => cloud.tick(horizon),
    canTick: () => cloud.due(horizon),
  };
}

function failedMessages(answer: unknown): ReadonlySet<string> {
  const { batchItemFailures = [] } = (answer ?? {}) as {
    batchItemFailures?: readonly { readonly itemIdentifier: string }[];
  };
  return new Set(batchItemFailures.map(({ itemIdentifier }) => itemIdentifier));
}

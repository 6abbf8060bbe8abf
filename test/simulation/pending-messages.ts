/**
 * Reduces the messages on their way to functions to their effect: the request of a message, and whether the
 * message can be received. Two events with the same requests are equal.
 */

import type { QueuedEvent } from "@kedge/local-cloud/services/lambda/state";
import type { Message } from "@kedge/local-cloud/services/sqs/state";
import { type BusEvent, uploadsIn } from "#journey/event.ts";
import { isAdmission, type ReconcileRequest, readLineMessage } from "#journey/message.ts";
import { concerned } from "#journey/observe.ts";
import { functions } from "#release/names/deployed-names.ts";
import type { Poll } from "./base.ts";
import type { SimulatedCloud } from "./cloud.ts";
import { queueOf } from "./queues.ts";

export type PlacedEvent = QueuedEvent & { readonly account: string };

/** The reconcile requests for the event. An event without a request has no effect. */
export function requestsOf(
  { base }: SimulatedCloud,
  { account, payload }: PlacedEvent,
): readonly ReconcileRequest[] {
  const anchor = base.estate.anchors.find((each) => each.account === account);
  return anchor === undefined ? [] : concerned(JSON.parse(payload) as BusEvent, anchor);
}

/** The version in an event of an upload. */
export const uploadOf = (body: string): unknown => uploadsIn(JSON.parse(body))[0]?.versionId;

/**
 * Versions and executions with final results. A request about one of them makes no difference, because a
 * reconciliation has nothing new to write.
 */
type Settled = ReadonlySet<string>;

export const askedIn = ({ versionId, executionId, ...request }: ReconcileRequest, settled: Settled): string =>
  JSON.stringify({
    ...request,
    about: [versionId, executionId].filter((id) => id !== undefined && !settled.has(id)),
  });

/**
 * Part of a fingerprint: it is equal for states with the same messages on their way. When all events come in
 * time, events with the same requests are equal to one event. When one of them may be late, their number
 * matters.
 */
export function pendingMessages(cloud: SimulatedCloud, settled: Settled, allInTime: boolean): unknown {
  const { polls, functions: deployed } = cloud.base;
  const accounts = [...new Set([...deployed, ...polls.map(queueOf)].map(({ account }) => account))];
  const polled = new Set(polls.map((poll) => queueOf(poll).name));
  const messages = accounts.flatMap((account) => cloud.rows<Message>("sqs", account, "messages"));
  const requests = accounts.flatMap((account) =>
    cloud
      .rows<QueuedEvent>("lambda", account, "events")
      .filter((event) => event.function === functions.observe)
      .map((event) => requestsOf(cloud, { ...event, account }))
      .filter((asked) => asked.length > 0)
      .map((asked) => asked.map((request) => askedIn(request, settled)).join()),
  );
  return {
    requests: (allInTime ? [...new Set(requests)] : requests).sort(),
    others: messages.filter(({ queue }) => !polled.has(queue)).map(({ queue, body }) => [queue, body]),
    queues: polls.map((poll) =>
      queued(
        poll,
        messages.filter(({ queue }) => queue === queueOf(poll).name),
        { settled, now: cloud.now().getTime() },
      ),
    ),
  };
}

function queued(
  poll: Poll,
  messages: readonly Message[],
  { settled, now }: { readonly settled: Settled; readonly now: number },
): unknown {
  const isOut = ({ receipt, visibleAt }: Message): boolean => receipt !== undefined && visibleAt > now;
  return [true, false].map((out) => {
    const found = messages.filter((message) => isOut(message) === out);
    if (poll.of.name === functions.route) return found.map(({ body }) => uploadOf(body) ?? body);
    return [...Map.groupBy(found, ({ groupId = "" }) => groupId).values()].map((group) => ({
      asked: [...new Set(group.map((message) => askedBy(message, settled)))].sort(),
      batches: Math.ceil(group.length / poll.batch),
    }));
  });
}

/**
 * A batch is one reconciliation, so the number of equal requests makes no difference. An admission that was
 * received before does make one.
 */
function askedBy({ body, receiveCount }: Message, settled: Settled): string {
  const request = readLineMessage(body);
  return askedIn(receiveCount > 0 && isAdmission(request) ? { ...request, again: true } : request, settled);
}

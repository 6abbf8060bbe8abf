/**
 * What is on its way to functions, as far as it matters to what they will do: what it asks for, and whether it can be
 * handed out. Two events that ask for the same are as good as one another, whatever they tell of.
 */

import type { QueuedEvent } from "@kedge/local-cloud/services/lambda/state";
import type { Message } from "@kedge/local-cloud/services/sqs/state";
import { type BusEvent, uploadIn } from "#journey/event.ts";
import { isTurn, type LookAt, readLineMessage } from "#journey/message.ts";
import { concerned } from "#journey/observe.ts";
import { functions } from "#release/names/deployed-names.ts";
import type { Poll } from "./base.ts";
import type { World } from "./cloud.ts";
import { queueOf } from "./queues.ts";

export type PlacedEvent = QueuedEvent & { readonly account: string };

/** The looks an event asks for; none, and it is as good as never sent. */
export function looksOf({ base }: World, { account, payload }: PlacedEvent): readonly LookAt[] {
  const anchor = base.estate.anchors.find((each) => each.account === account);
  return anchor === undefined ? [] : concerned(JSON.parse(payload) as BusEvent, anchor);
}

/** The version an event of an upload tells of. */
export const uploadOf = (body: string): unknown => uploadIn(JSON.parse(body) as BusEvent)?.versionId;

/**
 * Versions and executions of which a look has nothing more to tell, because their results are final: it makes no
 * difference whether it is asked about one of these.
 */
export type Settled = ReadonlySet<string>;

export const askedIn = ({ versionId, executionId, ...look }: LookAt, settled: Settled): string =>
  JSON.stringify({
    ...look,
    about: [versionId, executionId].filter((id) => id !== undefined && !settled.has(id)),
  });

/**
 * For a fingerprint: equal for worlds in which the same is under way. Events that all come in time are as good as one
 * if they ask for the same; where one of them may still be late it matters that there is another.
 */
export function mailOf(world: World, settled: Settled, allInTime: boolean): unknown {
  const { polls, functions: deployed } = world.base;
  const accounts = [...new Set([...deployed, ...polls.map(queueOf)].map(({ account }) => account))];
  const polled = new Set(polls.map((poll) => queueOf(poll).name));
  const messages = accounts.flatMap((account) => world.rows<Message>("sqs", account, "messages"));
  const looks = accounts.flatMap((account) =>
    world
      .rows<QueuedEvent>("lambda", account, "events")
      .filter((event) => event.function === functions.observe)
      .map((event) => looksOf(world, { ...event, account }))
      .filter((asked) => asked.length > 0)
      .map((asked) => asked.map((look) => askedIn(look, settled)).join()),
  );
  return {
    looks: (allInTime ? [...new Set(looks)] : looks).sort(),
    others: messages.filter(({ queue }) => !polled.has(queue)).map(({ queue, body }) => [queue, body]),
    queues: polls.map((poll) =>
      queued(
        poll,
        messages.filter(({ queue }) => queue === queueOf(poll).name),
        { settled, now: world.now().getTime() },
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

/** A batch is one look, so how often something is asked makes no difference; that a turn was offered before does. */
function askedBy({ body, receiveCount }: Message, settled: Settled): string {
  const look = readLineMessage(body);
  return askedIn(receiveCount > 0 && isTurn(look) ? { ...look, again: true } : look, settled);
}

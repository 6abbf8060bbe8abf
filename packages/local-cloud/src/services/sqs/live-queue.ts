/**
 * Keeps the messages of one queue in memory, and the long polls that wait for them. It decides visibility,
 * FIFO group locks, retention and moves to the dead-letter queue. A change wakes the long polls.
 */

import type { Clock } from "#cloud/kernel/clock.ts";
import { receiptHandle } from "./receipt-handle.ts";
import type { LiveQueue, Message, Queue, SqsState } from "./state.ts";

type Redrive = { readonly deadLetterTargetArn: string; readonly maxReceiveCount: number };

const seconds = (queue: Queue, name: string, fallback: number): number =>
  Number(queue.attributes[name] ?? fallback) * 1000;

const retentionOf = (queue: Queue): number => seconds(queue, "MessageRetentionPeriod", 345_600);
export const delayOf = (queue: Queue): number => seconds(queue, "DelaySeconds", 0);
export const visibilityOf = (queue: Queue): number => seconds(queue, "VisibilityTimeout", 30);

export function redriveOf(queue: Queue): Redrive | undefined {
  const text = queue.attributes["RedrivePolicy"];
  if (text === undefined || text === "") return undefined;
  const policy = JSON.parse(text) as { deadLetterTargetArn: string; maxReceiveCount: number | string };
  return { deadLetterTargetArn: policy.deadLetterTargetArn, maxReceiveCount: Number(policy.maxReceiveCount) };
}

export function liveQueueOf(state: SqsState, queue: string): LiveQueue {
  let live = state.liveQueues.get(queue);
  if (live === undefined) {
    const stored = [...state.messages.values()]
      .filter((message) => message.queue === queue)
      .sort((left, right) => left.sequence - right.sequence);
    live = {
      messages: new Map(stored.map((message) => [message.id, message])),
      waiting: new Set(),
      last: stored.at(-1)?.sequence ?? 0,
    };
    state.liveQueues.set(queue, live);
  }
  return live;
}

export const wake = (state: SqsState, queue: string): void => {
  for (const resume of liveQueueOf(state, queue).waiting) resume();
};

/**
 * Returns the next sequence number. It is made from the time, so it also grows after a restart with an empty
 * queue.
 */
export function nextSequence(state: SqsState, queue: string, now: number): number {
  const live = liveQueueOf(state, queue);
  live.last = Math.max(live.last + 1, now * 1000);
  return live.last;
}

/** Stores a new or changed message. */
export function put(state: SqsState, message: Message): Message {
  liveQueueOf(state, message.queue).messages.set(message.id, message);
  return state.messages.set(`${message.queue}/${message.id}`, message);
}

export function drop(state: SqsState, message: Message): void {
  liveQueueOf(state, message.queue).messages.delete(message.id);
  state.messages.delete(`${message.queue}/${message.id}`);
}

export function expire(state: SqsState, queue: Queue, now: number): void {
  const oldest = now - retentionOf(queue);
  for (const message of liveQueueOf(state, queue.name).messages.values())
    if (message.sentAt <= oldest) drop(state, message);
}

export const inFlight = (message: Message, now: number): boolean =>
  message.receipt !== undefined && message.visibleAt > now;

export const delayed = (message: Message, now: number): boolean =>
  message.receipt === undefined && message.visibleAt > now;

type Taken = { readonly received: readonly Message[]; readonly dead: readonly Message[] };

/**
 * Receives up to `limit` messages. A message that was received `maxReceiveCount` times is returned as `dead`
 * instead, and moves to the dead-letter queue (SQS API Reference, SetQueueAttributes, "RedrivePolicy").
 */
export function take(
  state: SqsState,
  queue: Queue,
  request: { readonly limit: number; readonly visibility: number; readonly maxReceiveCount: number },
  clock: Clock,
): Taken {
  const now = clock.now().getTime();
  expire(state, queue, now);
  const live = liveQueueOf(state, queue.name);
  const locked = new Set<string>();
  if (queue.fifo)
    for (const message of live.messages.values())
      if (inFlight(message, now)) locked.add(message.groupId ?? "");
  const received: Message[] = [];
  const dead: Message[] = [];
  for (const message of queue.fifo ? byGroup(live.messages.values()) : live.messages.values()) {
    if (received.length === request.limit) break;
    if (queue.fifo && locked.has(message.groupId ?? "")) continue;
    if (message.visibleAt > now) {
      // A delayed message of a group blocks the later messages of that group.
      if (queue.fifo) locked.add(message.groupId ?? "");
      continue;
    }
    if (message.receiveCount >= request.maxReceiveCount) {
      dead.push(message);
      continue;
    }
    received.push(receive(state, message, now, request.visibility));
  }
  for (const message of dead) drop(state, message);
  return { received, dead };
}

/**
 * A FIFO queue fills a batch with the messages of one group before it takes those of the next group (SQS
 * Developer Guide, "FIFO queue delivery logic", batch retrieval). The group of the oldest message is first.
 */
function byGroup(messages: Iterable<Message>): readonly Message[] {
  const groups = new Map<string, Message[]>();
  for (const message of messages) {
    const group = groups.get(message.groupId ?? "");
    if (group === undefined) groups.set(message.groupId ?? "", [message]);
    else group.push(message);
  }
  return [...groups.values()].flat();
}

function receive(
  state: SqsState,
  { released: _released, ...message }: Message,
  now: number,
  visibility: number,
): Message {
  return put(state, {
    ...message,
    receipt: receiptHandle(message),
    receivedAt: now,
    visibleAt: now + visibility,
    receiveCount: message.receiveCount + 1,
    firstReceivedAt: message.firstReceivedAt ?? now,
  });
}

/** Resolves when a message may have become visible, and no later than `deadline`. */
export function changed(state: SqsState, queue: string, deadline: number, clock: Clock): Promise<void> {
  const live = liveQueueOf(state, queue);
  const now = clock.now().getTime();
  let next = deadline;
  for (const { visibleAt } of live.messages.values())
    if (visibleAt > now && visibleAt < next) next = visibleAt;
  return new Promise((resolve) => {
    const resume = (): void => {
      live.waiting.delete(resume);
      timer.cancel();
      resolve();
    };
    const timer = clock.at(new Date(next), resume);
    live.waiting.add(resume);
  });
}

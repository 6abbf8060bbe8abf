/**
 * Runs asynchronous invocations from a queue. It retries a failed event after one and two minutes, then sends
 * the result to a destination or dead-letter queue.
 */
import { AwsError, isAwsError } from "#cloud/kernel/aws-error.ts";
import type { LambdaDeps } from "./deps.ts";
import { deliverDeadLetter, deliverResult } from "./destinations.ts";
import { functionArn, versionKey } from "./function-name.ts";
import { type Finished, runFunction } from "./run-function.ts";
import type { InvokeConfig, QueuedEvent, Version } from "./state.ts";

/**
 * The waits after the first and the second failed attempt. A throttled event is tried again for six hours, at
 * most five minutes apart (Lambda Developer Guide, "How Lambda handles errors and retries with asynchronous
 * invocation").
 */
const RETRY_AFTER = [60_000, 120_000];
const MAXIMUM_AGE = 6 * 3600_000;
const THROTTLE_LIMIT = 300_000;

export function queueEvent(
  event: Pick<QueuedEvent, "id" | "function" | "qualifier" | "payload">,
  deps: LambdaDeps,
): void {
  const now = deps.clock.now().getTime();
  const queued: QueuedEvent = { ...event, queuedAt: now, dueAt: now, attempts: 0, throttles: 0 };
  deps.state.events.set(queued.id, queued);
  resumeEvent(queued.id, deps);
}

/** Runs the event when it is due. The service also calls it at start, for events that were interrupted. */
export function resumeEvent(id: string, deps: LambdaDeps): void {
  const event = deps.state.events.get(id);
  if (event === undefined) return;
  const run = (): void => deps.cloud.spawn(`lambda event of ${event.function}`, () => attempt(id, deps));
  if (event.dueAt <= deps.clock.now().getTime()) run();
  else deps.clock.at(new Date(event.dueAt), run);
}

const versionOf = (
  { function: name, qualifier = "$LATEST" }: QueuedEvent,
  deps: LambdaDeps,
): Version | undefined => {
  const { aliases, versions } = deps.state;
  return versions.get(versionKey(name, aliases.get(versionKey(name, qualifier))?.version ?? qualifier));
};

async function attempt(id: string, deps: LambdaDeps): Promise<void> {
  const { state, clock } = deps;
  const event = state.events.get(id);
  if (event === undefined) return;
  const version = versionOf(event, deps);
  if (version === undefined) return void state.events.delete(id);
  const config = state.invokeConfigs.get(versionKey(event.function, event.qualifier ?? "$LATEST"));
  const age = (config?.maximumAgeSeconds ?? MAXIMUM_AGE / 1000) * 1000;
  const postpone = (ms: number, change: Partial<QueuedEvent>): void => {
    state.events.set(id, { ...event, ...change, dueAt: clock.now().getTime() + ms });
    resumeEvent(id, deps);
  };
  let finished: Finished;
  try {
    finished = await deps.cloud.eventSlots(() =>
      runFunction(version, { requestId: id, payload: event.payload, qualifier: event.qualifier }, deps),
    );
  } catch (error) {
    if (!(error instanceof AwsError)) throw error;
    const delay = Math.min(1000 * 2 ** event.throttles, THROTTLE_LIMIT);
    if (
      isAwsError(error, "TooManyRequestsException", "ResourceConflictException") &&
      clock.now().getTime() + delay - event.queuedAt < age
    )
      return postpone(delay, { throttles: event.throttles + 1 });
    const payload = JSON.stringify({ errorType: error.code, errorMessage: error.message });
    return end(
      event,
      version,
      config,
      { requestId: id, version: version.version, payload, failed: true, log: "" },
      "EventAgeExceeded",
      deps,
    );
  }
  const retries = config?.maximumRetries ?? 2;
  const wait = RETRY_AFTER[event.attempts] ?? 120_000;
  const old = clock.now().getTime() + wait - event.queuedAt > age;
  if (finished.failed && event.attempts < retries && !old)
    return postpone(wait, { attempts: event.attempts + 1 });
  const condition = !finished.failed
    ? "Success"
    : event.attempts >= retries
      ? "RetriesExhausted"
      : "EventAgeExceeded";
  return end(event, version, config, finished, condition, deps);
}

async function end(
  event: QueuedEvent,
  version: Version,
  config: InvokeConfig | undefined,
  finished: Finished,
  condition: string,
  deps: LambdaDeps,
): Promise<void> {
  const destination = finished.failed ? config?.onFailure : config?.onSuccess;
  const arn = functionArn({ ...version, qualifier: event.qualifier ?? "$LATEST" });
  const result = { event, version, finished, condition, arn };
  if (destination !== undefined) await deliverResult(destination, result, deps);
  if (finished.failed && version.deadLetterArn !== undefined)
    await deliverDeadLetter(version.deadLetterArn, result, deps);
  // The event is deleted last: after a crash before this line it runs again and is delivered again, but is
  // not lost.
  deps.state.events.delete(event.id);
}

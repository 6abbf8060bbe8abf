/** Asynchronous invocations: queued, retried after one and two minutes, and at last handed to a destination or dead-letter queue. */
import { AwsError, isAwsError } from "#cloud/kernel/aws-error.ts";
import { deliverDeadLetter, deliverResult } from "./destinations.ts";
import { functionArn, versionKey } from "./function-name.ts";
import { type Finished, runFunction, type World } from "./run-function.ts";
import type { InvokeConfig, QueuedEvent, Version } from "./state.ts";

const RETRY_AFTER = [60_000, 120_000];
const MAXIMUM_AGE = 6 * 3600_000;
const THROTTLE_LIMIT = 300_000;

export function queueEvent(
  event: Pick<QueuedEvent, "id" | "function" | "qualifier" | "payload">,
  world: World,
): void {
  const now = world.clock.now().getTime();
  const queued: QueuedEvent = { ...event, queuedAt: now, dueAt: now, attempts: 0, throttles: 0 };
  world.state.events.set(queued.id, queued);
  resumeEvent(queued.id, world);
}

/** Runs the event when it falls due; at boot too, for those a stop interrupted. */
export function resumeEvent(id: string, world: World): void {
  const event = world.state.events.get(id);
  if (event === undefined) return;
  const run = (): void => world.cloud.spawn(`lambda event of ${event.function}`, () => attempt(id, world));
  if (event.dueAt <= world.clock.now().getTime()) run();
  else world.clock.at(new Date(event.dueAt), run);
}

const versionOf = (
  { function: name, qualifier = "$LATEST" }: QueuedEvent,
  world: World,
): Version | undefined => {
  const { aliases, versions } = world.state;
  return versions.get(versionKey(name, aliases.get(versionKey(name, qualifier))?.version ?? qualifier));
};

async function attempt(id: string, world: World): Promise<void> {
  const { state, clock } = world;
  const event = state.events.get(id);
  if (event === undefined) return;
  const version = versionOf(event, world);
  if (version === undefined) return void state.events.delete(id);
  const config = state.invokeConfigs.get(versionKey(event.function, event.qualifier ?? "$LATEST"));
  const age = (config?.maximumAgeSeconds ?? MAXIMUM_AGE / 1000) * 1000;
  const postpone = (ms: number, change: Partial<QueuedEvent>): void => {
    state.events.set(id, { ...event, ...change, dueAt: clock.now().getTime() + ms });
    resumeEvent(id, world);
  };
  let finished: Finished;
  try {
    finished = await runFunction(
      version,
      { requestId: id, payload: event.payload, qualifier: event.qualifier },
      world,
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
      world,
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
  return end(event, version, config, finished, condition, world);
}

async function end(
  event: QueuedEvent,
  version: Version,
  config: InvokeConfig | undefined,
  finished: Finished,
  condition: string,
  world: World,
): Promise<void> {
  const destination = finished.failed ? config?.onFailure : config?.onSuccess;
  const arn = functionArn({ ...version, qualifier: event.qualifier ?? "$LATEST" });
  const result = { event, version, finished, condition, arn };
  if (destination !== undefined) await deliverResult(destination, result, world);
  if (finished.failed && version.deadLetterArn !== undefined)
    await deliverDeadLetter(version.deadLetterArn, result, world);
  // Last: after a stop in between the event is run and told again, rather than lost.
  world.state.events.delete(event.id);
}

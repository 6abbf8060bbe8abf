/**
 * Polls a queue for an event source mapping, as the function's execution role: receives messages, filters
 * them, invokes the function, and deletes the processed messages. A failed message becomes visible again
 * after its visibility timeout.
 */
import { isAwsError } from "#cloud/kernel/aws-error.ts";
import type { RoleSession } from "#cloud/kernel/principal.ts";
import { servicePrincipal } from "#cloud/kernel/principal.ts";
import type { LambdaDeps } from "./deps.ts";
import { functionArn, sessionName, versionKey } from "./function-name.ts";
import { failedIds, type Received, toEvent, withoutFiltered } from "./queue-batch.ts";
import { runFunction } from "./run-function.ts";
import type { Mapping, Version } from "./state.ts";

/**
 * AWS starts with five concurrent batches and adds more (Lambda Developer Guide, "Configuring scaling behavior
 * for SQS event source mappings"). The embedded cloud stays at five.
 */
const CONCURRENCY = 5;
const WAIT_SECONDS = 20;
const AFTER_ERROR = 5000;
const AFTER_THROTTLE = 1000;
const REFRESH = 5 * 60_000;

/** Starts the poller of an enabled mapping and stops the mapping's earlier poller. */
export function startPoller(id: string, deps: LambdaDeps): void {
  const { pollers } = deps.state.live;
  const earlier = pollers.get(id);
  if (earlier !== undefined) earlier.stop = true;
  const mapping = deps.state.mappings.get(id);
  if (mapping === undefined || !mapping.enabled) return void pollers.delete(id);
  const poller = { stop: false };
  pollers.set(id, poller);
  // The loop runs outside `cloud.spawn`, because a poll lasts until a message arrives and the cloud must not
  // wait for it.
  loop(id, poller, deps).catch((error: unknown) => {
    if (!deps.cloud.stopping())
      deps.cloud.log(`lambda poller ${id}: ${error instanceof Error ? error.stack : String(error)}`);
  });
}

type Session = { readonly session: RoleSession; readonly until: number };

async function loop(id: string, poller: { stop: boolean }, deps: LambdaDeps): Promise<void> {
  const { state, clock, cloud } = deps;
  let session: Session | undefined;
  const busy = new Set<Promise<void>>();
  while (!poller.stop && !cloud.stopping()) {
    const mapping = state.mappings.get(id);
    const version = mapping && versionOf(mapping, deps);
    if (mapping === undefined) return;
    if (version === undefined) {
      await clock.sleep(AFTER_ERROR);
      continue;
    }
    if (busy.size >= (mapping.maximumConcurrency ?? CONCURRENCY)) {
      await Promise.race(busy);
      continue;
    }
    try {
      if (session === undefined || session.until <= clock.now().getTime())
        session = await openSession(version, deps);
      // A message that is received and waits would become visible again.
      await cloud.eventSlots(async () => undefined);
      const messages = await collect(mapping, session.session, poller, deps);
      if (messages.length === 0) continue;
      const { session: role } = session;
      const work = new Promise<void>((done) =>
        cloud.spawn(`lambda batch of ${mapping.function}`, () =>
          handle(mapping, version, messages, role, deps).finally(done),
        ),
      );
      busy.add(work);
      void work.then(() => busy.delete(work));
    } catch (error) {
      if (!isAwsError(error)) throw error;
      session = undefined;
      setLastResult(mapping, `PROBLEM: ${error.message}`, deps);
      if (poller.stop || cloud.stopping()) return;
      await clock.sleep(AFTER_ERROR);
    }
  }
}

const versionOf = (
  { function: name, qualifier = "$LATEST" }: Mapping,
  { state }: LambdaDeps,
): Version | undefined =>
  state.versions.get(versionKey(name, state.aliases.get(versionKey(name, qualifier))?.version ?? qualifier));

function setLastResult(mapping: Mapping, lastResult: string, { state }: LambdaDeps): void {
  const current = state.mappings.get(mapping.id);
  if (current !== undefined && current.lastResult !== lastResult)
    state.mappings.set(mapping.id, { ...current, lastResult });
}

async function openSession(version: Version, { cloud }: LambdaDeps): Promise<Session> {
  const { session, credentials } = await cloud.assumeRole({
    roleArn: version.role,
    sessionName: sessionName(version.name),
    principal: servicePrincipal("lambda.amazonaws.com", {
      sourceAccount: version.account,
      sourceArn: functionArn({ ...version, qualifier: undefined }),
    }),
    region: version.region,
  });
  return { session, until: credentials.expiration.getTime() - REFRESH };
}

const onQueue = (mapping: Mapping, session: RoleSession, { cloud }: LambdaDeps) => {
  const [, , , region = "", account = "", queue = ""] = mapping.sourceArn.split(":");
  return <Result>(operation: string, input: object): Promise<Result> =>
    cloud.invoke<Result>({
      service: "sqs",
      operation,
      input: { QueueUrl: `/${account}/${queue}`, ...input },
      principal: session,
      account,
      region,
    });
};

/**
 * Collects one batch from one receive. With a batching window it receives until the batch is full or the
 * window ends.
 */
async function collect(
  mapping: Mapping,
  session: RoleSession,
  poller: { readonly stop: boolean },
  deps: LambdaDeps,
): Promise<readonly Received[]> {
  const call = onQueue(mapping, session, deps);
  const receive = async (limit: number, wait: number): Promise<readonly Received[]> =>
    (
      await call<{ Messages?: readonly Received[] }>("ReceiveMessage", {
        MaxNumberOfMessages: Math.min(limit, 10),
        WaitTimeSeconds: wait,
        MessageSystemAttributeNames: ["All"],
        MessageAttributeNames: ["All"],
      })
    ).Messages ?? [];
  const batch = [...(await receive(mapping.batchSize, WAIT_SECONDS))];
  if (batch.length === 0) return batch;
  const end = deps.clock.now().getTime() + mapping.windowSeconds * 1000;
  while (batch.length < mapping.batchSize && !poller.stop) {
    const left = Math.ceil((end - deps.clock.now().getTime()) / 1000);
    if (left <= 0) {
      // After the window, messages that are already in the queue fill the batch; the poller does not wait for
      // more.
      if (batch.length % 10 !== 0 || mapping.batchSize <= 10) break;
    }
    const more = await receive(mapping.batchSize - batch.length, Math.max(0, Math.min(left, WAIT_SECONDS)));
    batch.push(...more);
    if (more.length === 0 && left <= 0) break;
  }
  return batch;
}

async function handle(
  mapping: Mapping,
  version: Version,
  messages: readonly Received[],
  session: RoleSession,
  deps: LambdaDeps,
): Promise<void> {
  const call = onQueue(mapping, session, deps);
  const remove = async (done: readonly Received[]): Promise<void> => {
    for (let start = 0; start < done.length; start += 10)
      await call("DeleteMessageBatch", {
        Entries: done
          .slice(start, start + 10)
          .map(({ ReceiptHandle }, index) => ({ Id: String(index), ReceiptHandle })),
      });
  };
  try {
    const { wanted, unwanted } = withoutFiltered(messages, mapping);
    if (unwanted.length > 0) await remove(unwanted);
    if (wanted.length === 0) return;
    const finished = await run(mapping, version, wanted, deps);
    if (finished === undefined) return setLastResult(mapping, "PROBLEM: Function call throttled", deps);
    const failed = finished.failed
      ? "all"
      : mapping.partialFailures
        ? failedIds(finished.payload, wanted)
        : [];
    const done = failed === "all" ? [] : wanted.filter(({ MessageId }) => !failed.includes(MessageId));
    if (done.length > 0) await remove(done);
    setLastResult(mapping, failed.length === 0 ? "OK" : "PROBLEM: Function call failed", deps);
  } catch (error) {
    if (!isAwsError(error)) throw error;
    setLastResult(mapping, `PROBLEM: ${error.message}`, deps);
  }
}

/**
 * Invokes the function. It repeats a throttled invocation for the function's timeout, which is at most the
 * queue's visibility timeout.
 */
async function run(mapping: Mapping, version: Version, messages: readonly Received[], deps: LambdaDeps) {
  const { clock, cloud } = deps;
  const retryUntil = clock.now().getTime() + Math.max(version.timeout * 1000, AFTER_THROTTLE);
  for (;;) {
    try {
      const payload = JSON.stringify(toEvent(messages, mapping));
      return await cloud.eventSlots(() =>
        runFunction(version, { requestId: crypto.randomUUID(), payload, qualifier: mapping.qualifier }, deps),
      );
    } catch (error) {
      if (!isAwsError(error, "TooManyRequestsException", "ResourceConflictException")) throw error;
      if (clock.now().getTime() + AFTER_THROTTLE >= retryUntil || cloud.stopping()) return undefined;
      await clock.sleep(AFTER_THROTTLE);
    }
  }
}

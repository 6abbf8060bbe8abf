/**
 * Polls a queue for its event source mapping, as the function's execution role: receives, filters, invokes, and
 * deletes what was done. What failed is left alone and comes back after its visibility timeout.
 */
import { isAwsError } from "#cloud/kernel/aws-error.ts";
import type { RoleSession } from "#cloud/kernel/principal.ts";
import { servicePrincipal } from "#cloud/kernel/principal.ts";
import { functionArn, sessionName, versionKey } from "./function-name.ts";
import { failedIds, type Received, toEvent, withoutFiltered } from "./queue-batch.ts";
import { runFunction, type World } from "./run-function.ts";
import type { Mapping, Version } from "./state.ts";

/** AWS starts with five concurrent batches and grows; a laptop stays there. */
const CONCURRENCY = 5;
const WAIT_SECONDS = 20;
const AFTER_ERROR = 5000;
const AFTER_THROTTLE = 1000;
const REFRESH = 5 * 60_000;

/** Starts the poller of an enabled mapping and ends an earlier one. */
export function startPoller(id: string, world: World): void {
  const { pollers } = world.state.live;
  const earlier = pollers.get(id);
  if (earlier !== undefined) earlier.stop = true;
  const mapping = world.state.mappings.get(id);
  if (mapping === undefined || !mapping.enabled) return void pollers.delete(id);
  const poller = { stop: false };
  pollers.set(id, poller);
  // A poll lasts until a message comes: it is no work that anybody could wait for to end.
  loop(id, poller, world).catch((error: unknown) => {
    if (!world.cloud.stopping())
      world.cloud.log(`lambda poller ${id}: ${error instanceof Error ? error.stack : String(error)}`);
  });
}

type Session = { readonly session: RoleSession; readonly until: number };

async function loop(id: string, poller: { stop: boolean }, world: World): Promise<void> {
  const { state, clock, cloud } = world;
  let session: Session | undefined;
  const busy = new Set<Promise<void>>();
  while (!poller.stop && !cloud.stopping()) {
    const mapping = state.mappings.get(id);
    const version = mapping && versionOf(mapping, world);
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
        session = await openSession(version, world);
      const messages = await collect(mapping, session.session, poller, world);
      if (messages.length === 0) continue;
      const { session: role } = session;
      const work = new Promise<void>((done) =>
        cloud.spawn(`lambda batch of ${mapping.function}`, () =>
          handle(mapping, version, messages, role, world).finally(done),
        ),
      );
      busy.add(work);
      void work.then(() => busy.delete(work));
    } catch (error) {
      if (!isAwsError(error)) throw error;
      session = undefined;
      remember(mapping, `PROBLEM: ${error.message}`, world);
      if (poller.stop || cloud.stopping()) return;
      await clock.sleep(AFTER_ERROR);
    }
  }
}

const versionOf = (
  { function: name, qualifier = "$LATEST" }: Mapping,
  { state }: World,
): Version | undefined =>
  state.versions.get(versionKey(name, state.aliases.get(versionKey(name, qualifier))?.version ?? qualifier));

function remember(mapping: Mapping, lastResult: string, { state }: World): void {
  const current = state.mappings.get(mapping.id);
  if (current !== undefined && current.lastResult !== lastResult)
    state.mappings.set(mapping.id, { ...current, lastResult });
}

async function openSession(version: Version, { cloud }: World): Promise<Session> {
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

const onQueue = (mapping: Mapping, session: RoleSession, { cloud }: World) => {
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

/** One batch: what a receive brings, and with a batching window what comes until it is full or the window over. */
async function collect(
  mapping: Mapping,
  session: RoleSession,
  poller: { readonly stop: boolean },
  world: World,
): Promise<readonly Received[]> {
  const call = onQueue(mapping, session, world);
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
  const end = world.clock.now().getTime() + mapping.windowSeconds * 1000;
  while (batch.length < mapping.batchSize && !poller.stop) {
    const left = Math.ceil((end - world.clock.now().getTime()) / 1000);
    if (left <= 0) {
      // Whatever waits already fills the batch up, without waiting for more.
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
  world: World,
): Promise<void> {
  const call = onQueue(mapping, session, world);
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
    const finished = await run(mapping, version, wanted, world);
    if (finished === undefined) return remember(mapping, "PROBLEM: Function call throttled", world);
    const failed = finished.failed
      ? "all"
      : mapping.partialFailures
        ? failedIds(finished.payload, wanted)
        : [];
    const done = failed === "all" ? [] : wanted.filter(({ MessageId }) => !failed.includes(MessageId));
    if (done.length > 0) await remove(done);
    remember(mapping, failed.length === 0 ? "OK" : "PROBLEM: Function call failed", world);
  } catch (error) {
    if (!isAwsError(error)) throw error;
    remember(mapping, `PROBLEM: ${error.message}`, world);
  }
}

/** Invokes; throttled, again and again until the messages would be visible again to others. */
async function run(mapping: Mapping, version: Version, messages: readonly Received[], world: World) {
  const { clock, cloud } = world;
  const giveUp = clock.now().getTime() + Math.max(version.timeout * 1000, AFTER_THROTTLE);
  for (;;) {
    try {
      const payload = JSON.stringify(toEvent(messages, mapping));
      return await runFunction(
        version,
        { requestId: crypto.randomUUID(), payload, qualifier: mapping.qualifier },
        world,
      );
    } catch (error) {
      if (!isAwsError(error, "TooManyRequestsException", "ResourceConflictException")) throw error;
      if (clock.now().getTime() + AFTER_THROTTLE >= giveUp || cloud.stopping()) return undefined;
      await clock.sleep(AFTER_THROTTLE);
    }
  }
}

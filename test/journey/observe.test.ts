/** Tests how events become reconcile requests for lines. */
import { describe, expect, it } from "vitest";
import type { BusEvent } from "#journey/event.ts";
import { reserveNames } from "#journey/line-record.ts";
import type { ReconcileRequest } from "#journey/message.ts";
import { observe } from "#journey/observe.ts";
import { withRecent } from "#journey/recent.ts";
import type { LineMessage } from "#ports/line-queue.ts";
import { slotRecordKey } from "#release/line/slot-records.ts";
import { formatKey, type Line } from "#release/names/key.ts";
import { cacheKeys, formerPipelineName, lineName, pipelineName } from "#release/names/names.ts";
import { longStackName, stackName } from "#release/names/stack-names.ts";
import { fakeEstate } from "#test/support/fakes/anchor.ts";
import { memoryArtifacts, memoryCache, memorySlotRecords } from "#test/support/fakes/storage.ts";

const line: Line = { account: "111111111111", app: "shop", branch: "main" };
const other: Line = { ...line, branch: "other" };
const name = lineName(line);

function observing() {
  const sent: LineMessage[] = [];
  const cache = memoryCache();
  const slotRecords = memorySlotRecords();
  const artifacts = memoryArtifacts();
  const estate = { load: async () => fakeEstate };
  const deps = {
    account: line.account,
    ...{ estate, cache, recent: { estate, cache } },
    slotRecords,
    clock: () => "2026-01-20T00:00:00.000Z",
    artifacts,
    lines: {
      send: async (_: unknown, messages: readonly LineMessage[]) => void sent.push(...messages),
    },
  };
  const remember = async (known: Line) => {
    await cache.put(cacheKeys.line(lineName(known)), Buffer.from(JSON.stringify(known)));
    await reserveNames(cache, known, "short");
  };
  return { deps, sent, cache, slotRecords, artifacts, remember };
}

const event = (source: string, detail: BusEvent["detail"], over: Partial<BusEvent> = {}): BusEvent => ({
  id: "event-1",
  source,
  "detail-type": "whatever",
  account: line.account,
  time: "2026-01-01T00:00:00Z",
  detail,
  ...over,
});

const stackEvent = (account: string, stack: string, status = "CREATE_COMPLETE"): BusEvent =>
  event(
    "aws.cloudformation",
    {
      "stack-id": `arn:aws:cloudformation:us-east-1:${account}:stack/${stack}/6b0d`,
      "status-details": { status },
    },
    { account },
  );

/** Returns the requests for an event when the line is remembered. */
async function seen(busEvent: BusEvent): Promise<readonly ReconcileRequest[]> {
  const { deps, remember } = observing();
  await remember(line);
  return observe(deps, busEvent);
}

describe("an event", () => {
  it("names line and execution for an event of a pipeline", async () => {
    const busEvent = event("aws.codepipeline", {
      pipeline: pipelineName(line),
      "execution-id": "e-1",
      state: "FAILED",
    });
    expect(await seen(busEvent)).toEqual([{ cause: "pipeline", line, executionId: "e-1" }]);
  });

  it("names the line for an event of a pipeline's stack", async () => {
    expect(await seen(stackEvent(line.account, pipelineName(line)))).toEqual([{ cause: "stack", line }]);
  });

  it("names the line for an event of an application stack in a target", async () => {
    expect(await seen(stackEvent("444444444444", stackName("prod", line)))).toEqual([
      { cause: "stack", line },
    ]);
  });

  it.each<[string, string, Uint8Array, string]>([
    ["no line", "is deployed", new Uint8Array(1), "UPDATE_COMPLETE"],
    ["no line", "is rolled back", new Uint8Array(1), "UPDATE_ROLLBACK_COMPLETE"],
    ["its line", "is deleted", new Uint8Array(1), "DELETE_COMPLETE"],
    ["its line", "is not deleted", new Uint8Array(1), "DELETE_FAILED"],
    ["its line", "is deployed during a teardown", new Uint8Array(0), "UPDATE_COMPLETE"],
  ])("wakes %s when an application stack %s", async (woken, _, newest, status) => {
    const { deps, artifacts, remember } = observing();
    await remember(line);
    artifacts.upload(formatKey(line), newest);
    const found = await observe(deps, stackEvent("444444444444", stackName("prod", line), status));
    expect(found).toHaveLength(woken === "no line" ? 0 : 1);
  });

  it("names a line that has the names of earlier versions", async () => {
    expect(await seen(stackEvent(line.account, formerPipelineName(line)))).toEqual([
      { cause: "stack", line },
    ]);
    expect(await seen(stackEvent("444444444444", longStackName("prod", line)))).toEqual([
      { cause: "stack", line },
    ]);
  });

  it.each([
    [
      "an execution that begins",
      event("aws.codepipeline", { pipeline: pipelineName(line), "execution-id": "e", state: "STARTED" }),
    ],
    ...["STARTED", "SUCCEEDED"].map((state): [string, BusEvent] => [
      `the source of an execution (${state})`,
      event("aws.codepipeline", {
        ...{ pipeline: pipelineName(line), "execution-id": "e" },
        ...{ stage: "Source", state },
      }),
    ]),
    ["a pipeline that is not ours", event("aws.codepipeline", { pipeline: "theirs", "execution-id": "e" })],
    ["a stack at work", stackEvent(line.account, pipelineName(line), "UPDATE_IN_PROGRESS")],
    [
      "a nested stack with a long name",
      stackEvent("222222222222", `${longStackName("dev", line)}-Network-1M4XJ8ABCDEF`),
    ],
    ["a nested stack", stackEvent("222222222222", `${stackName("dev", line)}-Network-1M4XJ8ABCDEF`)],
    ["an account that is no target", stackEvent("555555555555", stackName("dev", line))],
    ["an environment of another account", stackEvent("222222222222", stackName("prod", line))],
    ["another service", event("aws.ec2", {})],
  ])("an event of %s wakes no line", async (_, busEvent) => {
    expect(await seen(busEvent)).toEqual([]);
  });

  it("puts the line on its queue once when the event comes twice", async () => {
    const { deps, sent, remember } = observing();
    await remember(line);
    const busEvent = stackEvent(line.account, pipelineName(line));
    await observe(deps, busEvent);
    await observe(deps, busEvent);
    expect(new Set(sent.map(({ deduplication }) => deduplication)).size).toBe(1);
    expect(sent.every(({ group }) => group === name)).toBe(true);
  });

  it("goes to the queue of the line's class", async () => {
    const { deps, sent, remember } = observing();
    const urgent = { ...line, branch: "hotfix/1" };
    for (const each of [line, other, urgent]) {
      await remember(each);
      await observe(deps, stackEvent(line.account, pipelineName(each)));
    }
    expect(sent.map((message) => message.class)).toEqual(["main", "feature", "hotfix"]);
  });

  it("reads estate and line once a minute, and a line without a record each time", async () => {
    const { deps, cache, remember } = observing();
    let now = "2026-01-20T00:00:00.000Z";
    const reads: string[] = [];
    const watched = withRecent({
      ...deps,
      clock: () => now,
      estate: {
        load: async () => {
          reads.push("estate");
          return fakeEstate;
        },
      },
      cache: {
        ...cache,
        get: (key: string) => {
          reads.push(key);
          return cache.get(key);
        },
      },
    });
    const readsFor = async (of: Line) => {
      reads.length = 0;
      await observe(watched, event("aws.codepipeline", { pipeline: pipelineName(of), "execution-id": "e" }));
      return [...reads];
    };
    await remember(line);
    const [own, missing] = [cacheKeys.line(name), cacheKeys.line(lineName(other))];
    expect(await readsFor(line)).toEqual(["estate", own]);
    expect(await readsFor(line)).toEqual([]);
    expect(await readsFor(other)).toEqual([missing]);
    expect(await readsFor(other)).toEqual([missing]);
    now = "2026-01-20T00:01:00.000Z";
    expect(await readsFor(line)).toEqual(["estate", own]);
  });

  it("sends no message when its line is not remembered", async () => {
    const { deps, sent } = observing();
    expect(await observe(deps, stackEvent(line.account, pipelineName(line)))).toEqual([]);
    expect(sent).toEqual([]);
  });
});

describe("the resync", () => {
  const resyncEvent = event("aws.events", {}, { "detail-type": "Scheduled Event" });

  it("puts every line on the queue once that is remembered, has a slot record or has an upload", async () => {
    const { deps, sent, cache, slotRecords, artifacts, remember } = observing();
    const [gone, waiting] = [
      { ...line, branch: "gone" },
      { ...line, branch: "hotfix/waits" },
    ];
    await remember(line);
    await remember(gone);
    await cache.put(cacheKeys.line("unreadable-abcdefghijkl"), new Uint8Array(1));
    const since = "2026-01-01T00:00:00.000Z";
    const slotRecord = {
      name: lineName(waiting),
      state: "waiting",
      class: "hotfix",
      creates: true,
      since,
    } as const;
    await slotRecords.put(slotRecordKey(slotRecord), Buffer.from(JSON.stringify(waiting)));
    artifacts.upload(formatKey(line), new Uint8Array(1));
    artifacts.upload(formatKey(other), new Uint8Array(1));
    artifacts.upload("111111111111/notes.txt", new Uint8Array(1));
    expect(await observe(deps, resyncEvent)).toEqual([
      { cause: "sweep", line },
      { cause: "sweep", line: other },
      { cause: "sweep", line: gone },
      { cause: "sweep", line: waiting },
    ]);
    expect(new Set(sent.map(({ deduplication }) => deduplication)).size).toBe(4);
  });

  it("reads a tombstone only while its line is remembered", async () => {
    const { deps, cache, artifacts } = observing();
    artifacts.upload(formatKey(line), new Uint8Array(0));
    artifacts.upload(formatKey(other), new Uint8Array(0));
    await cache.put(cacheKeys.line(name), new Uint8Array(1));
    expect(await observe(deps, resyncEvent)).toEqual([{ cause: "sweep", line }]);
  });
});

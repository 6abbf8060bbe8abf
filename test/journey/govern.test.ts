/**
 * Tests the governor with many lines of one anchor: their order, the results of the waiting lines, and the
 * limit of slots for every order of calls.
 */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { releaseSlot, requestSlot, type SlotRequest } from "#journey/govern.ts";
import { lineMessage, readLineMessage } from "#journey/message.ts";
import type { SlotRecords } from "#ports/slot-records.ts";
import type { Estate } from "#release/estate/estate.ts";
import { parseEstate } from "#release/estate/estate-parse.ts";
import { readSlotRecord } from "#release/line/slot-records.ts";
import { formatKey, type Line } from "#release/names/key.ts";
import { lineName } from "#release/names/names.ts";
import { topicTemplate, zipOf } from "#test/support/artifact.ts";
import { estateText, type FakeAnchor, fakeAnchor } from "#test/support/fakes/anchor.ts";
import { type Executioner, Killed, killing } from "#test/support/fakes/killing.ts";
import { memorySlotRecords } from "#test/support/fakes/storage.ts";

const lineOf = (branch: string, app = "shop"): Line => ({ account: "111111111111", app, branch });
const topic = await zipOf({ "template.yaml": topicTemplate("Topic") });
const nothing = new Uint8Array(0);
/** Two slots, and one for a hotfix. */
const narrow = parseEstate(`${estateText}\npace: { releases: 2, hotfixes: 1 }\n`);
const withTeams = parseEstate(
  `${estateText}\npace: { releases: 9 }\nteams: { payments: { apps: ["pay-*"], concurrent: 1 } }\n`,
);

const statusOf = (anchor: FakeAnchor, line: Line) => anchor.latest(line)?.status;
const waitingOf = (anchor: FakeAnchor, line: Line) => anchor.latest(line)?.waiting;
const atWork = ({ slotRecords }: FakeAnchor): number =>
  [...slotRecords.objects.keys()].filter((key) => readSlotRecord(key)?.state === "running").length;

async function deliverAll(anchor: FakeAnchor): Promise<void> {
  while (anchor.queue.length > 0) await anchor.deliver();
}

describe("more lines than slots", () => {
  const features = ["a", "b", "c", "d"].map((name) => lineOf(`feature/${name}`));
  const [a, b, c, d] = features as [Line, Line, Line, Line];
  const hotfix = lineOf("hotfix/1");

  async function uploaded(...lines: readonly Line[]): Promise<FakeAnchor> {
    const anchor = fakeAnchor(narrow);
    for (const line of lines) anchor.upload(line, topic);
    await deliverAll(anchor);
    return anchor;
  }

  it("shows each waiting line its position and what it waits for", async () => {
    const anchor = await uploaded(...features);
    expect(features.map((line) => statusOf(anchor, line))).toEqual([
      "releasing",
      "releasing",
      "waiting",
      "waiting",
    ]);
    expect(anchor.latest(d)).toMatchObject({
      reason: { code: "WaitingForSlot" },
      waiting: { position: 2, for: "slot" },
    });
    expect(anchor.latest(d)?.reason.sentence).toContain("number 2 in the queue");
  });

  it("releases waiting lines one after the other, in the order they came, and leaves no slot record", async () => {
    const anchor = await uploaded(...features);
    await anchor.settle();
    expect(features.map((line) => statusOf(anchor, line))).toEqual(features.map(() => "released"));
    expect(anchor.pipelines.started).toEqual(["version-1", "version-2", "version-3", "version-4"]);
    expect([...anchor.slotRecords.objects.keys()]).toEqual([]);
  });

  it("never delays a hotfix", async () => {
    const anchor = await uploaded(...features, hotfix);
    expect(statusOf(anchor, hotfix)).toBe("releasing");
    expect(atWork(anchor)).toBe(3);
  });

  it("keeps the position of a line when a newer version is uploaded, and releases only that version", async () => {
    const anchor = await uploaded(...features);
    const newer = anchor.upload(c, topic);
    await deliverAll(anchor);
    expect(waitingOf(anchor, c)).toEqual({ position: 1, for: "slot" });
    expect(anchor.result(c, "version-3")?.status).toBe("superseded");
    await anchor.settle();
    expect(anchor.result(c, newer)?.status).toBe("released");
    expect(anchor.pipelines.started).not.toContain("version-3");
  });

  it("reads nothing for a line that gets a turn it does not wait for", async () => {
    const anchor = await uploaded(...features);
    const { artifacts, lines } = anchor.deps;
    const keysRead: string[] = [];
    const newest: typeof artifacts.newest = (key) => {
      keysRead.push(key);
      return artifacts.newest(key);
    };
    Object.assign(anchor.deps, { artifacts: { ...artifacts, newest } });
    for (const line of [a, c])
      await lines.send({ account: line.account, region: narrow.region }, [
        lineMessage({ cause: "turn", line }, "feature", `another turn of ${line.branch}`),
      ]);
    await deliverAll(anchor);
    expect(keysRead).toEqual([formatKey(c)]);
  });

  it("removes a waiting line from the queue at once when it is torn down or its newest upload is rejected", async () => {
    const anchor = await uploaded(...features);
    anchor.upload(c, nothing);
    anchor.upload(d, Buffer.from("no zip"));
    await deliverAll(anchor);
    expect([statusOf(anchor, c), statusOf(anchor, d)]).toEqual(["torn-down", "rejected"]);
    expect(atWork(anchor)).toBe(2);
    await anchor.settle();
    expect([...anchor.slotRecords.objects.keys()]).toEqual([]);
  });

  it("does not count a release that waits for its approver", async () => {
    const anchor = fakeAnchor(narrow);
    for (const line of [lineOf("main"), lineOf("safe"), a, b]) anchor.upload(line, topic);
    await anchor.settle();
    expect([lineOf("main"), lineOf("safe"), a, b].map((line) => statusOf(anchor, line))).toEqual([
      "waiting-for-approval",
      "waiting-for-approval",
      "released",
      "released",
    ]);
    anchor.pipelines.approveAll();
    await anchor.settle();
    expect(statusOf(anchor, lineOf("main"))).toBe("released");
    expect([...anchor.slotRecords.objects.keys()]).toEqual([]);
  });

  it("comes to the same end at whichever call to the slot records and the queue a Lambda dies", async () => {
    const narrowest = parseEstate(`${estateText}\npace: { releases: 1 }\n`);
    const story = async (executioner: Executioner) => {
      const anchor = fakeAnchor(narrowest);
      const { slotRecords, lines } = killing(
        { slotRecords: anchor.deps.slotRecords, lines: anchor.deps.lines },
        executioner,
      );
      Object.assign(anchor.deps, { slotRecords, lines });
      const deaths: unknown[] = [];
      for (const line of [a, b, c]) anchor.upload(line, topic);
      await anchor.settle(undefined, (error) => {
        if (!(error instanceof Killed)) throw error;
        deaths.push(error);
      });
      const end = {
        released: [a, b, c].map((line) => statusOf(anchor, line)),
        slotRecords: anchor.slotRecords.objects.size,
        started: anchor.pipelines.started.length,
      };
      return { end, deaths: deaths.length };
    };
    const counting: Executioner = { calls: 0, at: -1, when: "before" };
    const { end } = await story(counting);
    expect(end).toEqual({ released: ["released", "released", "released"], slotRecords: 0, started: 3 });
    for (const when of ["before", "after"] as const) {
      for (let at = 1; at <= counting.calls; at += 1)
        expect(await story({ calls: 0, at, when }), `killed ${when} call ${at}`).toEqual({ end, deaths: 1 });
    }
  }, 60_000);
});

describe("a team", () => {
  it("has as many lines at work as the estate grants it, and delays no other team", async () => {
    const anchor = fakeAnchor(withTeams);
    const [one, two] = [lineOf("x", "pay-in"), lineOf("x", "pay-out")];
    for (const line of [one, two, lineOf("x")]) anchor.upload(line, topic);
    await deliverAll(anchor);
    expect(waitingOf(anchor, two)).toEqual({ position: 1, for: "team" });
    expect(anchor.latest(two)?.reason.sentence).toContain(
      "The team payments has reached its limit of concurrent lines: 1",
    );
    expect(statusOf(anchor, lineOf("x"))).toBe("releasing");
    await anchor.settle();
    expect(statusOf(anchor, two)).toBe("released");
  });
});

describe("the quota of pipelines", () => {
  it("holds a new line until another line is torn down", async () => {
    const anchor = fakeAnchor(parseEstate(`${estateText}\npace: { pipelines: 1 }\n`));
    const [old, fresh] = [lineOf("old"), lineOf("fresh")];
    anchor.upload(old, topic);
    await anchor.settle();
    anchor.upload(fresh, topic);
    await anchor.settle();
    expect(anchor.latest(fresh)).toMatchObject({
      status: "waiting",
      reason: { code: "WaitingForQuota", remedy: expect.stringContaining("pace.pipelines") },
      waiting: { position: 1, for: "pipelines" },
    });
    anchor.upload(old, topic);
    await anchor.settle();
    expect(statusOf(anchor, old)).toBe("released");
    anchor.upload(old, nothing);
    await anchor.settle();
    expect([statusOf(anchor, old), statusOf(anchor, fresh)]).toEqual(["torn-down", "released"]);
  });
});

describe("concurrent requests for slots", () => {
  /** Delays every call to the slot records. The scheduler lets the calls go on in any order. */
  const scheduled = (slotRecords: SlotRecords, scheduler: fc.Scheduler): SlotRecords => {
    const inAnyOrder =
      <Args extends readonly unknown[], Answer>(call: (...args: Args) => Promise<Answer>) =>
      async (...args: Args): Promise<Answer> => {
        await scheduler.schedule(Promise.resolve());
        return call(...args);
      };
    return {
      list: inAnyOrder(slotRecords.list),
      get: inAnyOrder(slotRecords.get),
      put: inAnyOrder(slotRecords.put),
      remove: inAnyOrder(slotRecords.remove),
    };
  };

  it("never admits more lines than there are slots, and admits all lines in the end", async () => {
    await fc.assert(
      fc.asyncProperty(fc.scheduler(), fc.integer({ min: 2, max: 6 }), async (scheduler, count) => {
        const slotRecords = memorySlotRecords();
        const woken: Line[] = [];
        const deps = {
          slotRecords: scheduled(slotRecords, scheduler),
          cache: { lineNames: async () => [] },
          lines: {
            send: async (_: unknown, messages: readonly { readonly body: string }[]) => {
              for (const { body } of messages) woken.push(readLineMessage(body).line as Line);
            },
          },
          clock: () => "2026-01-01T00:00:00.000Z",
        };
        const lines = Array.from({ length: count }, (_, index) => lineOf(`feature/${index}`));
        const going = new Set<string>();
        const gone = new Set<string>();
        const request = (line: Line): SlotRequest => ({
          ...{ estate: narrow as Estate, line, id: "m", creates: false },
          since: "2026-01-01T00:00:00.000Z",
        });
        const busy = new Set<string>();
        /** Runs one reconcile of a line at a time, as the FIFO queue does. */
        const reconcileLine = async (line: Line): Promise<void> => {
          const name = lineName(line);
          if (gone.has(name) || busy.has(name)) return;
          busy.add(name);
          const admission = await requestSlot(deps, request(line));
          if (admission.may) {
            going.add(name);
            expect(going.size).toBeLessThanOrEqual(2);
            await scheduler.schedule(Promise.resolve());
            going.delete(name);
            gone.add(name);
            await releaseSlot(deps, request(line));
          }
          busy.delete(name);
          const next = woken.splice(0);
          await Promise.all(next.map(later));
        };
        const later = async (line: Line): Promise<void> => {
          while (busy.has(lineName(line))) await scheduler.schedule(Promise.resolve());
          await reconcileLine(line);
        };
        await scheduler.waitFor(Promise.all(lines.map(reconcileLine)));
        expect(gone.size).toBe(count);
        expect([...slotRecords.objects.keys()]).toEqual([]);
      }),
      { numRuns: 300 },
    );
  }, 60_000);
});

/**
 * Tests the time to live of lines without uploads: the result announces the end, the resync tears the line
 * down, and the next upload brings it back.
 */
import { describe, expect, it } from "vitest";
import { observe } from "#journey/observe.ts";
import { parseEstate } from "#release/estate/estate-parse.ts";
import type { Line } from "#release/names/key.ts";
import { lineName } from "#release/names/names.ts";
import { topicTemplate, zipOf } from "#test/support/artifact.ts";
import { estateText, type FakeAnchor, fakeAnchor } from "#test/support/fakes/anchor.ts";
import { type Executioner, Killed } from "#test/support/fakes/killing.ts";

const feature: Line = { account: "111111111111", app: "shop", branch: "feature/x" };
const topic = await zipOf({ "template.yaml": topicTemplate("Topic") });
const ttl = (days: string) => parseEstate(`${estateText}\nttlDays: ${days}\n`);

async function released(line: Line, estate = ttl("{ feature: 30 }")) {
  const anchor = fakeAnchor(estate);
  const version = anchor.upload(line, topic);
  await anchor.settle();
  anchor.pipelines.approveAll();
  await anchor.settle();
  return { anchor, version };
}

async function resync(anchor: FakeAnchor, line: Line, executioner?: Executioner): Promise<unknown[]> {
  const deaths: unknown[] = [];
  anchor.push({ cause: "sweep", line });
  await anchor.settle(executioner, (error) => {
    if (!(error instanceof Killed)) throw error;
    deaths.push(error);
  });
  return deaths;
}

const leftOf = (anchor: FakeAnchor) => ({
  stacks: anchor.applications.stacks.size,
  pipelines: anchor.pipelines.pipelines.size,
  remembered: [...anchor.cache.objects.keys()],
  slotRecords: [...anchor.slotRecords.objects.keys()],
});
const nothing = { stacks: 0, pipelines: 0, remembered: [], slotRecords: [] };

describe("a line whose class has a time to live", () => {
  it("says from the first result on when it ends", async () => {
    const { anchor } = await released(feature);
    expect(anchor.latest(feature)).toMatchObject({
      status: "released",
      expiresAt: "2026-01-31T00:00:01.000Z",
    });
  });

  it("is torn down by the resync when its time is up, and not before", async () => {
    const { anchor, version } = await released(feature);
    anchor.sleep(28);
    await resync(anchor, feature);
    expect(anchor.latest(feature)?.status).toBe("released");
    anchor.sleep(2);
    await resync(anchor, feature);
    const latest = anchor.latest(feature);
    expect(latest).toMatchObject({ version, status: "torn-down", reason: { code: "Expired" } });
    expect(latest).not.toHaveProperty("expiresAt");
    expect(leftOf(anchor)).toEqual(nothing);
  });

  it("lives on with the next upload, also when its teardown has begun", async () => {
    const { anchor } = await released(feature);
    anchor.sleep(31);
    anchor.push({ cause: "sweep", line: feature });
    await anchor.deliver();
    anchor.sleep(-31); // uploads of the fake have the time at which the fake was made
    const next = anchor.upload(feature, topic);
    await anchor.settle();
    expect(anchor.latest(feature)).toMatchObject({ version: next, status: "released" });
    expect(anchor.applications.stacks.size).toBe(1);
  });

  it("stays down when the estate gives its class more time afterwards", async () => {
    const { anchor } = await released(feature);
    anchor.sleep(31);
    await resync(anchor, feature);
    Object.assign(anchor.deps, { estate: { load: async () => ttl("{ feature: 300 }") } });
    await resync(anchor, feature);
    expect(anchor.latest(feature)?.status).toBe("torn-down");
    expect(leftOf(anchor)).toEqual(nothing);
  });

  it("ends the same at whichever call a Lambda dies", async () => {
    const counting: Executioner = { calls: 0, at: -1, when: "before" };
    const story = async (executioner: Executioner) => {
      const { anchor } = await released(feature);
      anchor.sleep(31);
      return {
        deaths: (await resync(anchor, feature, executioner)).length,
        left: leftOf(anchor),
        status: anchor.latest(feature)?.status,
      };
    };
    await story(counting);
    for (const when of ["before", "after"] as const) {
      for (let at = 1; at <= counting.calls; at += 1) {
        const end = { deaths: 1, left: nothing, status: "torn-down" };
        expect(await story({ calls: 0, at, when }), `killed ${when} call ${at}`).toEqual(end);
      }
    }
  }, 60_000);

  it("has no end when it reaches a protected environment or its class has no time to live", async () => {
    for (const line of [
      { ...feature, branch: "main" },
      { ...feature, branch: "release/1" },
    ]) {
      const { anchor } = await released(line, ttl(line.branch === "main" ? "{ main: 1 }" : "{ feature: 1 }"));
      expect(anchor.latest(line)).not.toHaveProperty("expiresAt");
      anchor.sleep(400);
      await resync(anchor, line);
      expect(anchor.latest(line)?.status).toBe("released");
    }
  });
});

describe("the resync", () => {
  it("queues an expired line while it is remembered, and skips it after its teardown", async () => {
    const { anchor } = await released(feature);
    anchor.sleep(31);
    const event = {
      ...{ id: "e", source: "aws.events", "detail-type": "Scheduled Event", account: feature.account },
      ...{ time: "", detail: {} },
    };
    const deps = { ...anchor.deps, account: feature.account, lines: anchor.lines, recent: anchor.deps };
    const queuedLines = async () => (await observe(deps, event)).map(({ line }) => line && lineName(line));
    expect(await queuedLines()).toEqual([lineName(feature)]);
    await anchor.settle();
    expect(await queuedLines()).toEqual([]);
  });
});

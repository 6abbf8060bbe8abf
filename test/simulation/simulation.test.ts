/**
 * Tests explorations, and proves that a run can fail: the invariants notice a product that is broken on
 * purpose.
 */
import { beforeAll, describe, expect, it } from "vitest";
import type { Workshop } from "./cloud.ts";
import { explore } from "./explore.ts";
import type { Fleet } from "./fleet.ts";
import type { Sabotage } from "./functions.ts";
import { runSeed } from "./run.ts";
import type { Story } from "./scene.ts";
import { shrink } from "./shrink.ts";
import { stories } from "./stories.ts";
import { testWorkshop } from "./workshop.ts";

let workshop: Workshop;
beforeAll(async () => {
  workshop = await testWorkshop();
});

const story = (name: string): Story => {
  const found = stories[name];
  if (found === undefined) throw new TypeError(`There is no story named ${name}.`);
  return found;
};

describe("a seed", () => {
  it("gives the same run each time, call by call", async () => {
    const [once, again] = [await runSeed(workshop, 4), await runSeed(workshop, 4)];
    expect(again.trace).toEqual(once.trace);
    expect(once.trace.length).toBeGreaterThan(100);
    expect(once.mischiefs).toBeGreaterThan(0);
  });
});

describe("an explored story", () => {
  it("a version and its teardown end well, whenever the teardown comes", async () => {
    const found = await explore(workshop, story("a version and its end"));
    expect(found).toMatchObject({ violations: [], complete: true });
    expect(found.states).toBeGreaterThan(50);
  });

  it.each(["a death at any call", "an event that comes late or never", "an event that comes twice"])(
    "a version is released, with %s",
    async (trouble) => {
      const found = await explore(workshop, story(`a version, ${trouble}`));
      expect(found).toMatchObject({ violations: [], complete: true });
      expect(found.states).toBeGreaterThan(50);
      expect(found.deathPoints).toBeGreaterThan(300);
    },
  );

  it("two versions, a teardown and a return end well, whenever each of them comes", async () => {
    const found = await explore(workshop, story("two versions, an end and a return"));
    expect(found).toMatchObject({ violations: [], complete: true });
    expect(found.ends).toBeGreaterThan(10);
    expect(found.states).toBeGreaterThan(1000);
  });
});

type Broken = {
  readonly sabotage: Sabotage;
  readonly story: Story;
  /** The invariant that must notice. */
  readonly noticed: string;
};

const end = story("a version and its end");

/** Each entry breaks one promise of the ports, as a bug would. */
const broken: Readonly<Record<string, Broken>> = {
  "starts every version twice": {
    sabotage: (world) => {
      const start: typeof world.executions.start = async (order) => {
        await world.executions.start(order);
        await world.executions.start({ ...order, token: `${order.token}-again` });
      };
      return { ...world, executions: { ...world.executions, start } };
    },
    story: story("two versions"),
    noticed: "started-once",
  },
  "takes a tombstone for nothing": {
    sabotage: (world) => {
      const newest: typeof world.artifacts.newest = async (key) => {
        const found = await world.artifacts.newest(key);
        return found?.size === 0 ? undefined : found;
      };
      return { ...world, artifacts: { ...world.artifacts, newest } };
    },
    story: end,
    noticed: "newest",
  },
  "leaves what it remembers of a line that is gone": {
    sabotage: (world) => ({ ...world, cache: { ...world.cache, forget: async () => undefined } }),
    story: end,
    noticed: "no-orphans",
  },
  "tells everybody that all is well": {
    sabotage: (world) => {
      const write = (key: string, json: string) =>
        world.results.write(key, json.replaceAll('"failed"', '"released"'));
      return { ...world, results: { ...world.results, write } };
    },
    story: { ...end, uploads: [{ kind: "failing", content: 1 }] },
    noticed: "result-true",
  },
};

const calm: Fleet["temper"] = {
  ...{ haste: 1, death: 0, throttle: 0, silence: 0, partial: 0 },
  ...{ meanwhile: 0, loss: 0, doubling: 0, refusal: 0 },
};

/** One line, and calls that are throttled again and again. */
const throttled: Fleet = {
  teams: [{ line: end.line, uploads: end.uploads }],
  temper: { ...calm, haste: 0.1, throttle: 0.3 },
};

/** More lines than may be at work at once. */
const crowd: Fleet = {
  teams: ["feature/a", "feature/b", "feature/c"].map((branch) => ({
    line: { ...end.line, branch },
    uploads: [{ kind: "plain", content: 1 }],
  })),
  temper: calm,
  slots: 2,
};

const mischief = (trace: readonly string[]) => trace.filter((line) => line.startsWith("  !"));

describe("a product that is broken on purpose", () => {
  it.each(Object.entries(broken))(
    "is noticed when it %s",
    async (_, { sabotage, story: told, noticed }) => {
      const { violations } = await explore(workshop, told, { sabotage });
      expect(violations.map(({ invariant }) => invariant)).toContain(noticed);
      expect(violations[0]?.path).not.toEqual([]);
    },
  );

  it("is noticed when it takes a throttle for an answer, and shrinking keeps the violation with no more faults", async () => {
    const sabotage: Sabotage = (world) => ({
      ...world,
      artifacts: { ...world.artifacts, newest: (key) => world.artifacts.newest(key).catch(() => undefined) },
      executions: { ...world.executions, list: (name) => world.executions.list(name).catch(() => []) },
      stacks: { ...world.stacks, describe: (name) => world.stacks.describe(name).catch(() => undefined) },
    });
    for (let seed = 1; seed <= 30; seed += 1) {
      const failed = await runSeed(workshop, seed, { sabotage, fleet: throttled });
      if (failed.violations.length === 0) continue;
      const least = await shrink(workshop, failed, { sabotage, fleet: throttled, mostTries: 3 });
      expect(least.violations[0]?.invariant).toBe(failed.violations[0]?.invariant);
      expect(mischief(least.trace).length).toBeLessThanOrEqual(mischief(failed.trace).length);
      return;
    }
    expect.unreachable("No seed of thirty has noticed.");
  });

  it("is noticed when it does not see the slot records of other lines", async () => {
    const blind: Sabotage = (world) => ({ ...world, slotRecords: { ...world.slotRecords, list: async () => [] } });
    const { violations } = await runSeed(workshop, 1, { sabotage: blind, fleet: crowd });
    expect(violations.map(({ invariant }) => invariant)).toContain("within-pace");
    expect((await runSeed(workshop, 1, { fleet: crowd })).violations).toEqual([]);
  });
});

/**
 * Tests explorations, and proves that a run can fail: the invariants notice a product that is broken on
 * purpose.
 */
import { beforeAll, describe, expect, it } from "vitest";
import type { Workshop } from "./cloud.ts";
import { explore } from "./explore.ts";
import type { Sabotage } from "./functions.ts";
import { runSeed } from "./run.ts";
import type { Story } from "./scene.ts";
import type { SeedInput } from "./seed-input.ts";
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
    sabotage: (deps) => {
      const start: typeof deps.executions.start = async (order) => {
        await deps.executions.start(order);
        await deps.executions.start({ ...order, token: `${order.token}-again` });
      };
      return { ...deps, executions: { ...deps.executions, start } };
    },
    story: story("two versions"),
    noticed: "started-once",
  },
  "ignores a tombstone": {
    sabotage: (deps) => {
      const newest: typeof deps.artifacts.newest = async (key) => {
        const found = await deps.artifacts.newest(key);
        return found?.size === 0 ? undefined : found;
      };
      return { ...deps, artifacts: { ...deps.artifacts, newest } };
    },
    story: end,
    noticed: "newest",
  },
  "keeps the cached objects of a removed line": {
    sabotage: (deps) => ({ ...deps, cache: { ...deps.cache, remove: async () => undefined } }),
    story: end,
    noticed: "no-orphans",
  },
  "reports every failure as released": {
    sabotage: (deps) => {
      const write = (key: string, json: string) =>
        deps.results.write(key, json.replaceAll('"failed"', '"released"'));
      return { ...deps, results: { ...deps.results, write } };
    },
    story: { ...end, uploads: [{ kind: "failing", content: 1 }] },
    noticed: "result-true",
  },
};

const calm: SeedInput["temper"] = {
  ...{ haste: 1, death: 0, throttle: 0, silence: 0, partial: 0 },
  ...{ meanwhile: 0, loss: 0, doubling: 0, rejection: 0 },
};

/** More lines than may be at work at once. */
const crowd: SeedInput = {
  teams: ["feature/a", "feature/b", "feature/c"].map((branch) => ({
    line: { ...end.line, branch },
    uploads: [{ kind: "plain", content: 1 }],
  })),
  temper: calm,
  slots: 2,
};

/** The same lines, and calls that are throttled again and again. */
const throttled: SeedInput = { ...crowd, temper: { ...calm, haste: 0.1, throttle: 0.3 } };

const mischief = (trace: readonly string[]) => trace.filter((line) => line.startsWith("  !"));

describe("a product that is broken on purpose", () => {
  it.each(Object.entries(broken))(
    "is noticed when it %s",
    async (_, { sabotage, story: storyOfBug, noticed }) => {
      const { violations } = await explore(workshop, storyOfBug, { sabotage });
      expect(violations.map(({ invariant }) => invariant)).toContain(noticed);
      expect(violations[0]?.path).not.toEqual([]);
    },
  );

  it("is noticed when it takes a throttle for an answer, and shrinking keeps the violation with no more faults", async () => {
    const sabotage: Sabotage = (deps) => ({
      ...deps,
      artifacts: { ...deps.artifacts, newest: (key) => deps.artifacts.newest(key).catch(() => undefined) },
      executions: { ...deps.executions, list: (name) => deps.executions.list(name).catch(() => []) },
      stacks: { ...deps.stacks, describe: (name) => deps.stacks.describe(name).catch(() => undefined) },
      slotRecords: { ...deps.slotRecords, list: (prefix) => deps.slotRecords.list(prefix).catch(() => []) },
    });
    for (let seed = 145; seed <= 300; seed += 1) {
      const failed = await runSeed(workshop, seed, { sabotage, input: throttled });
      if (failed.violations.length === 0) continue;
      const least = await shrink(workshop, failed, { sabotage, input: throttled, mostTries: 3 });
      expect(least.violations[0]?.invariant).toBe(failed.violations[0]?.invariant);
      expect(mischief(least.trace).length).toBeLessThanOrEqual(mischief(failed.trace).length);
      return;
    }
    expect.unreachable("No seed from 145 to 300 has noticed.");
  });

  it("is noticed when it does not see the slot records of other lines", async () => {
    const blind: Sabotage = (deps) => ({
      ...deps,
      slotRecords: { ...deps.slotRecords, list: async () => [] },
    });
    const { violations } = await runSeed(workshop, 1, { sabotage: blind, input: crowd });
    expect(violations.map(({ invariant }) => invariant)).toContain("within-pace");
    expect((await runSeed(workshop, 1, { input: crowd })).violations).toEqual([]);
  });
});

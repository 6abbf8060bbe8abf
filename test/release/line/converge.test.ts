import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ModelWorld } from "./line-model.ts";

/** What may happen to a line, in any order: `move` picks one of the world's own transitions, `lose` an event. */
const happening = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom("upload A", "upload A", "upload B", "tombstone") },
  { weight: 10, arbitrary: fc.constant("deliver") },
  { weight: 3, arbitrary: fc.constantFrom("die before", "die after", "duplicate", "reorder", "lose") },
  { weight: 10, arbitrary: fc.nat(7) },
);
type Happening = string | number;
const history = fc.array(happening, { maxLength: 100, size: "max" });

function happen(world: ModelWorld, what: Happening): void {
  if (typeof what === "number") {
    const possible = world.transitions();
    possible[what % Math.max(1, possible.length)]?.();
    return;
  }
  switch (what) {
    case "upload A":
    case "upload B":
    case "tombstone":
      if (world.versions.length < 6) world.upload(what === "tombstone" ? 0 : 1000, what);
      break;
    case "die before":
      world.deliver("before");
      break;
    case "die after":
      world.deliver("after");
      break;
    case "duplicate":
      world.queue.push(...world.queue.slice(0, 1));
      break;
    case "reorder":
      world.queue.reverse();
      break;
    case "lose":
      world.queue.shift();
      break;
    default:
      world.deliver();
  }
}

/** Lets the world come to rest: what is queued is handled, what is under way ends, and the sweep makes good what was lost. */
function settle(world: ModelWorld): void {
  for (let rounds = 0; rounds < 4; rounds += 1) {
    for (let deliveries = 0; deliveries < 2000; deliveries += 1) {
      if (world.queue.length > 0) world.deliver();
      else if (world.transitions().length > 0) world.transitions()[0]?.();
      else break;
    }
    expect(world.queue).toEqual([]);
    if (rounds < 3) world.send("sweep");
  }
}

function expectTruth(world: ModelWorld): void {
  expect(world.violations).toEqual([]);
  const newest = world.versions.at(-1);
  const executions = world.runs.filter(({ pinned }) => pinned === newest?.id);
  if (newest === undefined || newest.size === 0) {
    expect({ stack: world.stack, apps: [...world.apps], cached: world.cached }).toEqual({
      stack: undefined,
      apps: [],
      cached: false,
    });
    return;
  }
  expect(world.stack).toMatchObject({ digest: newest.digest });
  expect(executions.map(({ status }) => status)).toEqual(["Succeeded"]);
  const live = { status: "UPDATE_COMPLETE", version: newest.id };
  expect(Object.fromEntries(world.apps)).toEqual({ dev: live, prod: live });
}

describe("a line", () => {
  it("ends in the state of its newest object after any duplicates, reorderings, losses and crashes", () => {
    fc.assert(
      fc.property(fc.boolean(), history, (supersede, happenings) => {
        const world = new ModelWorld(supersede);
        for (const what of happenings) happen(world, what);
        settle(world);
        expectTruth(world);
      }),
      { numRuns: 1000 },
    );
  });

  it("starts no version twice", () => {
    fc.assert(
      fc.property(fc.boolean(), history, (supersede, happenings) => {
        const world = new ModelWorld(supersede);
        for (const what of happenings) happen(world, what);
        settle(world);
        expect(world.started).toEqual([...new Set(world.started)]);
      }),
      { numRuns: 500 },
    );
  });

  it("rests at its end: another reconcile changes nothing", () => {
    fc.assert(
      fc.property(fc.boolean(), history, (supersede, happenings) => {
        const world = new ModelWorld(supersede);
        for (const what of happenings) happen(world, what);
        settle(world);
        world.send("sweep");
        world.deliver();
        expect(["rest", "clear-cache", undefined]).toContain(world.lastStep?.type);
        expect(world.transitions()).toEqual([]);
      }),
      { numRuns: 300 },
    );
  });
});

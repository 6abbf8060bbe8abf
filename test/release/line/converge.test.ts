import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { LineModel } from "./line-model.ts";

/** What may happen to a line, in any order: `move` picks one of the model's own transitions, `lose` an event. */
const happening = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom("upload A", "upload A", "upload B", "tombstone") },
  { weight: 10, arbitrary: fc.constant("deliver") },
  { weight: 3, arbitrary: fc.constantFrom("die before", "die after", "duplicate", "reorder", "lose") },
  { weight: 10, arbitrary: fc.nat(7) },
);
type Happening = string | number;
const history = fc.array(happening, { maxLength: 100, size: "max" });

function happen(model: LineModel, what: Happening): void {
  if (typeof what === "number") {
    const possible = model.transitions();
    possible[what % Math.max(1, possible.length)]?.();
    return;
  }
  switch (what) {
    case "upload A":
    case "upload B":
    case "tombstone":
      if (model.versions.length < 6) model.upload(what === "tombstone" ? 0 : 1000, what);
      break;
    case "die before":
      model.deliver("before");
      break;
    case "die after":
      model.deliver("after");
      break;
    case "duplicate":
      model.queue.push(...model.queue.slice(0, 1));
      break;
    case "reorder":
      model.queue.reverse();
      break;
    case "lose":
      model.queue.shift();
      break;
    default:
      model.deliver();
  }
}

/** Lets the model come to rest: queued messages are handled, running work ends, and the resync replaces lost events. */
function settle(model: LineModel): void {
  for (let rounds = 0; rounds < 4; rounds += 1) {
    for (let deliveries = 0; deliveries < 2000; deliveries += 1) {
      if (model.queue.length > 0) model.deliver();
      else if (model.transitions().length > 0) model.transitions()[0]?.();
      else break;
    }
    expect(model.queue).toEqual([]);
    if (rounds < 3) model.send("sweep");
  }
}

function expectTruth(model: LineModel): void {
  expect(model.violations).toEqual([]);
  const newest = model.versions.at(-1);
  const executions = model.runs.filter(({ pinned }) => pinned === newest?.id);
  if (newest === undefined || newest.size === 0) {
    expect({ stack: model.stack, apps: [...model.apps], cached: model.cached }).toEqual({
      stack: undefined,
      apps: [],
      cached: false,
    });
    return;
  }
  expect(model.stack).toMatchObject({ digest: newest.digest });
  expect(executions.map(({ status }) => status)).toEqual(["Succeeded"]);
  const live = { status: "UPDATE_COMPLETE", version: newest.id };
  expect(Object.fromEntries(model.apps)).toEqual({ dev: live, prod: live });
}

describe("a line", () => {
  it("ends in the state of its newest object after any duplicates, reorderings, losses and crashes", () => {
    fc.assert(
      fc.property(fc.boolean(), history, (supersede, happenings) => {
        const model = new LineModel(supersede);
        for (const what of happenings) happen(model, what);
        settle(model);
        expectTruth(model);
      }),
      { numRuns: 1000 },
    );
  });

  it("starts no version twice", () => {
    fc.assert(
      fc.property(fc.boolean(), history, (supersede, happenings) => {
        const model = new LineModel(supersede);
        for (const what of happenings) happen(model, what);
        settle(model);
        expect(model.started).toEqual([...new Set(model.started)]);
      }),
      { numRuns: 500 },
    );
  });

  it("rests at its end: another reconcile changes nothing", () => {
    fc.assert(
      fc.property(fc.boolean(), history, (supersede, happenings) => {
        const model = new LineModel(supersede);
        for (const what of happenings) happen(model, what);
        settle(model);
        model.send("sweep");
        model.deliver();
        expect(["rest", "clear-cache", undefined]).toContain(model.lastStep?.type);
        expect(model.transitions()).toEqual([]);
      }),
      { numRuns: 300 },
    );
  });
});

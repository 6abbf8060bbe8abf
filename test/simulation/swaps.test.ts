/**
 * Tests runs with an adversary that swaps parts of releases, and proves that the invariant of the gate notices an
 * Execute without comparisons.
 */
import { beforeAll, expect, it } from "vitest";
import { changeSetName } from "#release/names/names.ts";
import { stackPhase } from "#release/stack/stack-status.ts";
import type { Workshop } from "./cloud.ts";
import type { OtherExecute } from "./functions.ts";
import { runSeed } from "./run.ts";
import { swappingInputOf } from "./seed-input.ts";
import { testWorkshop } from "./workshop.ts";

let workshop: Workshop;
beforeAll(async () => {
  workshop = await testWorkshop();
});

/** These seeds swap each kind of content. `npm run simulate -- --swaps` runs other seeds. */
const seeds = [1, 8, 17, 18];

it("an environment holds only what was cleared for it, also when an administrator swaps content", async () => {
  const ends = new Map<string, number>();
  let stopped = 0;
  for (const seed of seeds) {
    const { violations, swaps, failures } = await runSeed(workshop, seed, { input: swappingInputOf(seed) });
    expect(violations, `npm run simulate -- --swaps --seed ${seed}`).toEqual([]);
    for (const end of swaps) ends.set(end, (ends.get(end) ?? 0) + 1);
    if (failures.some((reason) => reason.includes("ClearanceBroken"))) stopped += 1;
  }
  // The policy of the cache denies the first and the second swap. The comparison rejects the third.
  for (const end of ["a part: denied", "an output of an action: denied", "a change set: swapped"])
    expect([...ends.keys()]).toContain(end);
  expect([...ends.keys()].filter((end) => /^(a part|an output).*: swapped/.test(end))).toEqual([]);
  expect(stopped).toBeGreaterThan(0);
});

/** Executes the change set of the execution's name, as it is now. */
const trusting: OtherExecute = async ({ changeSets, locks: _ }, job) => {
  const { status } = (await changeSets.stack(job, job.stack)) ?? {};
  const found = await changeSets.describe(job, job.stack, changeSetName(job.execution));
  if (found?.status === "ready") await changeSets.execute(job, found.id, `trusting-${job.execution}`);
  else if (stackPhase(status) !== "busy" && found?.status !== "pending") return { type: "done", outputs: {} };
  return { type: "later", continuation: "0" };
};

it("an Execute without comparisons is noticed", async () => {
  const { violations } = await runSeed(workshop, 18, { input: swappingInputOf(18), execute: trusting });
  expect(violations.map(({ invariant }) => invariant)).toContain("cleared");
});

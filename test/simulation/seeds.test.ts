/**
 * Tests runs by seed. Replay a failed seed with `npm run simulate -- --seed N`; run more with `--seeds N`.
 */
import { beforeAll, expect, it } from "vitest";
import type { Workshop } from "./cloud.ts";
import { runSeed } from "./run.ts";
import { testWorkshop } from "./workshop.ts";

const seeds = 200;
const together = 20;

let workshop: Workshop;
beforeAll(async () => {
  workshop = await testWorkshop();
});

it.each(Array.from({ length: seeds / together }, (_, index) => 1 + index * together))(
  `${together} seeds from %i keep every invariant, whatever faults happen`,
  async (from) => {
    for (let seed = from; seed < from + together; seed += 1) {
      const { violations } = await runSeed(workshop, seed);
      expect(violations, `npm run simulate -- --seed ${seed}`).toEqual([]);
    }
  },
);

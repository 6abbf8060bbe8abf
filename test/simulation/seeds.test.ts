/** Runs by seed. One that fails here is replayed with `npm run simulate -- --seed N`; many more run with `--seeds N`. */
import { beforeAll, expect, it } from "vitest";
import type { Workshop } from "./cloud.ts";
import { runSeed } from "./run.ts";
import { testWorkshop } from "./workshop.ts";

const seeds = 200;
const together = 20;

let workshop: Workshop;
beforeAll(async () => {
  workshop = await testWorkshop();
}, 120_000);

it.each(Array.from({ length: seeds / together }, (_, index) => 1 + index * together))(
  `fleets hold every promise, whatever goes wrong: ${together} seeds from %i`,
  async (from) => {
    for (let seed = from; seed < from + together; seed += 1) {
      const { violations } = await runSeed(workshop, seed);
      expect(violations, `npm run simulate -- --seed ${seed}`).toEqual([]);
    }
  },
  300_000,
);

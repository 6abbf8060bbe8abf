/** Defines the tests of a range of seeds. The range is cut into files, so that two workers share it. */
import { beforeAll, expect, it } from "vitest";
import type { Workshop } from "./cloud.ts";
import { runSeed } from "./run.ts";
import { testWorkshop } from "./workshop.ts";

const together = 20;

/** `to` is the last seed. Replay a failed seed with `npm run simulate -- --seed N`; run more with `--seeds N`. */
export function testSeeds(from: number, to: number): void {
  let workshop: Workshop;
  beforeAll(async () => {
    workshop = await testWorkshop();
  });

  const starts = Array.from({ length: (to - from + 1) / together }, (_, index) => from + index * together);
  it.each(starts)(`${together} seeds from %i keep every invariant, whatever faults happen`, async (start) => {
    for (let seed = start; seed < start + together; seed += 1) {
      const { violations } = await runSeed(workshop, seed);
      expect(violations, `npm run simulate -- --seed ${seed}`).toEqual([]);
    }
  });
}

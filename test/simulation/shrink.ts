/** Finds the same violation with fewer faults: it runs a failed seed again without some of them. */
import type { Workshop } from "./cloud.ts";
import { type Outcome, type RunOptions, runSeed } from "./run.ts";

/** Returns the run that still fails in the same way, with as few faults as a few tries find. */
export async function shrink(
  workshop: Workshop,
  failed: Outcome,
  {
    mostTries = 40,
    ...options
  }: Pick<RunOptions, "input" | "sabotage"> & { readonly mostTries?: number } = {},
): Promise<Outcome> {
  const invariant = failed.violations[0]?.invariant;
  const fails = ({ violations }: Outcome): boolean =>
    violations.some((violation) => violation.invariant === invariant);
  let best = failed;
  let withheld: ReadonlySet<number> = new Set();
  let tries = 0;
  // Tries halves first, then quarters, because most faults have nothing to do with the violation.
  for (let size = failed.mischiefs; size >= 1 && tries < mostTries; size = Math.floor(size / 2)) {
    for (let from = 1; from <= failed.mischiefs && tries < mostTries; from += size) {
      const some = Array.from({ length: size }, (_, index) => from + index);
      if (some.every((number) => withheld.has(number))) continue;
      tries += 1;
      const fewer = new Set([...withheld, ...some]);
      const again = await runSeed(workshop, failed.seed, { ...options, withheld: fewer });
      if (!fails(again)) continue;
      best = again;
      withheld = fewer;
    }
  }
  return best;
}

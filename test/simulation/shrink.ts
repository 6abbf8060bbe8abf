/** The same violation with less: tries a failing seed again without one mischief after the other. */
import type { Workshop } from "./cloud.ts";
import { type Outcome, type RunOptions, runSeed } from "./run.ts";

/** The run that still fails in the same way, and has as little mischief as was found in a few tries. */
export async function shrink(
  workshop: Workshop,
  failed: Outcome,
  {
    mostTries = 40,
    ...options
  }: Pick<RunOptions, "sabotage" | "fleet"> & { readonly mostTries?: number } = {},
): Promise<Outcome> {
  const invariant = failed.violations[0]?.invariant;
  const fails = ({ violations }: Outcome): boolean =>
    violations.some((violation) => violation.invariant === invariant);
  let best = failed;
  let withheld: ReadonlySet<number> = new Set();
  let tries = 0;
  // Halves first, then quarters: most mischief has nothing to do with it.
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

/**
 * Figures of one variant: the median with the least and the greatest. The rounds of the compared variants are
 * interleaved.
 */

export type Spread = {
  readonly median: number;
  readonly min: number;
  readonly max: number;
  readonly unit: string;
};

export function spreadOf(figures: readonly number[], unit: string): Spread {
  const sorted = figures.toSorted((a, b) => a - b);
  const middle = sorted.length / 2;
  const low = sorted[Math.ceil(middle) - 1] ?? Number.NaN;
  const high = sorted[Math.floor(middle)] ?? Number.NaN;
  return { median: (low + high) / 2, min: sorted[0] ?? Number.NaN, max: sorted.at(-1) ?? Number.NaN, unit };
}

/**
 * Runs every variant once per round, so that a noisy minute is noisy for all of them. The first round warms
 * the disk's cache and does not count.
 */
export async function interleave<Name extends string, Figure>(
  rounds: number,
  variants: Readonly<Record<Name, () => Promise<Figure>>>,
): Promise<Readonly<Record<Name, readonly Figure[]>>> {
  const names = Object.keys(variants) as Name[];
  const figures = Object.fromEntries(names.map((name) => [name, [] as Figure[]])) as Record<Name, Figure[]>;
  for (let round = 0; round <= rounds; round++) {
    for (const name of names) {
      const figure = await variants[name]();
      if (round > 0) figures[name].push(figure);
    }
  }
  return figures;
}

/** Creates repeatable random numbers: the same seed gives the same sequence on every machine. */

export type Chance = {
  /** Returns a whole number from 0 up to `below`, exclusive. */
  readonly below: (below: number) => number;
  readonly pick: <T>(from: readonly [T, ...T[]]) => T;
};

/** Mulberry32: 32 bits of state. */
export function chance(seed: number): Chance {
  let state = seed >>> 0;
  const below = (most: number): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32) * most);
  };
  return { below, pick: (from) => from[below(from.length)] ?? from[0] };
}

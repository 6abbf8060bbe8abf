/** Reproducible chance: the same seed gives the same numbers on every machine. */

export type Dice = {
  /** A whole number from 0 to, not including, `sides`. */
  readonly roll: (sides: number) => number;
  readonly chance: (probability: number) => boolean;
  readonly pick: <Item>(items: readonly Item[]) => Item;
};

class NothingToPick extends Error {
  override name = "NothingToPick";
}

/** Mulberry32 is small, fast, and random enough for an adversary. */
export function createDice(seed: number): Dice {
  let state = seed >>> 0;
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  const roll = (sides: number): number => Math.floor(next() * sides);
  return {
    roll,
    chance: (probability) => next() < probability,
    pick: <Item>(items: readonly Item[]) => {
      const item = items[roll(items.length)];
      if (item === undefined) throw new NothingToPick("There is nothing to pick from.");
      return item;
    },
  };
}

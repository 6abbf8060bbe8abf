/** A clock that moves on by a second with each look, and by days on request. */
export function countingClock() {
  let ticks = 0;
  let slept = 0;
  return {
    now: (): string => {
      ticks += 1;
      return new Date(Date.UTC(2026, 0, 2 + slept) + ticks * 1000).toISOString();
    },
    /** Moves the clock by days. */
    sleep: (days: number): void => {
      slept += days;
    },
  };
}

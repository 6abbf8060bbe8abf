/**
 * The only source of time in the embedded cloud. It follows the wall clock, can be pushed forward (an approval's
 * seven days pass in a millisecond), or stands still until pushed (a frozen clock, for tests and simulations).
 */

export type Timer = { readonly cancel: () => void };

export type Clock = {
  readonly now: () => Date;
  /** Runs `task` once the clock reaches `at`; a task's promise is awaited by `push`. */
  readonly at: (at: Date, task: () => unknown) => Timer;
  /** Runs `task` after `ms` milliseconds of this clock. */
  readonly after: (ms: number, task: () => unknown) => Timer;
  /** Resolves after `ms` milliseconds of this clock. */
  readonly sleep: (ms: number) => Promise<void>;
  /** Moves the clock forward, running every timer that falls due on the way, in order. */
  readonly push: (ms: number) => Promise<void>;
  /** When the next timer falls due. */
  readonly next: () => Date | undefined;
  readonly stop: () => void;
};

type Entry = { readonly at: number; readonly order: number; readonly task: () => unknown };

type ClockOptions = {
  /** Time moves by `push` alone. */
  readonly frozen?: boolean;
  /** Where a frozen clock begins; default: the wall clock. */
  readonly start?: Date;
  /** How many milliseconds it begins ahead of the wall clock. */
  readonly ahead?: number;
  /** Hears how far ahead a push has moved it, before anything happens at that time. */
  readonly onPush?: (ahead: number) => void;
};

export function createClock(options: ClockOptions = {}): Clock {
  const entries = new Set<Entry>();
  let order = 0;
  let offset = options.ahead ?? 0;
  let frozenAt = options.frozen ? (options.start?.getTime() ?? Date.now() + offset) : undefined;
  let wake: NodeJS.Timeout | undefined;
  let stopped = false;

  const now = (): number => frozenAt ?? Date.now() + offset;
  const first = (): Entry | undefined => {
    let found: Entry | undefined;
    for (const entry of entries) {
      if (found === undefined || entry.at < found.at || (entry.at === found.at && entry.order < found.order))
        found = entry;
    }
    return found;
  };
  const arm = (): void => {
    clearTimeout(wake);
    const entry = first();
    if (entry === undefined || stopped || frozenAt !== undefined) return;
    // setTimeout overflows past 2^31 ms; an early wake-up only arms again.
    wake = setTimeout(due, Math.min(Math.max(entry.at - now(), 0), 2 ** 31 - 1));
    wake.unref();
  };
  const due = (): void => {
    for (let entry = first(); entry !== undefined && entry.at <= now(); entry = first()) {
      entries.delete(entry);
      void entry.task();
    }
    arm();
  };
  const at = (when: Date, task: () => unknown): Timer => {
    const entry: Entry = { at: when.getTime(), order: order++, task };
    entries.add(entry);
    arm();
    return {
      cancel: () => {
        if (entries.delete(entry)) arm();
      },
    };
  };
  const move = (ms: number): void => {
    if (frozenAt === undefined) offset += ms;
    else frozenAt += ms;
    options.onPush?.(Math.max(now() - Date.now(), 0));
  };
  const after = (ms: number, task: () => unknown): Timer => at(new Date(now() + ms), task);

  return {
    now: () => new Date(now()),
    at,
    after,
    sleep: (ms) => new Promise((resolve) => after(ms, resolve)),
    push: async (ms) => {
      const target = now() + ms;
      for (let entry = first(); entry !== undefined && entry.at <= target; entry = first()) {
        entries.delete(entry);
        move(Math.max(entry.at - now(), 0));
        await entry.task();
        // What the task started in reaction gets its turn before time moves on.
        await new Promise((resolve) => setImmediate(resolve));
      }
      move(Math.max(target - now(), 0));
      arm();
    },
    next: () => {
      const entry = first();
      return entry && new Date(entry.at);
    },
    stop: () => {
      stopped = true;
      clearTimeout(wake);
      entries.clear();
    },
  };
}

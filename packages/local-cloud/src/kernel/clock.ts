/**
 * The only source of time in the embedded cloud. It follows the wall clock and can be pushed forward, so
 * that an approval's seven days pass in a millisecond. A frozen clock, for tests and simulations, stands
 * still until it is pushed.
 */
import { createTimerQueue } from "./timer-queue.ts";

export type Timer = { readonly cancel: () => void };

export type Clock = {
  readonly now: () => Date;
  /** Runs `task` when the clock reaches `at`. `push` awaits the task's promise. */
  readonly at: (at: Date, task: () => unknown) => Timer;
  /** Runs `task` after `ms` milliseconds of this clock. */
  readonly after: (ms: number, task: () => unknown) => Timer;
  /** Resolves after `ms` milliseconds of this clock. */
  readonly sleep: (ms: number) => Promise<void>;
  /** Moves the clock forward and runs every timer that becomes due on the way, in order. */
  readonly push: (ms: number) => Promise<void>;
  /** Returns the time of the next timer. */
  readonly next: () => Date | undefined;
  readonly stop: () => void;
};

type ClockOptions = {
  /** Time moves only by `push`. */
  readonly frozen?: boolean;
  /** The time at which a frozen clock begins. Default: the wall clock. */
  readonly start?: Date;
  /** The milliseconds by which the clock begins ahead of the wall clock. */
  readonly ahead?: number;
  /** Gets how far a push has moved the clock ahead, before any timer of that time runs. */
  readonly onPush?: (ahead: number) => void;
};

export function createClock(options: ClockOptions = {}): Clock {
  const timers = createTimerQueue();
  let offset = options.ahead ?? 0;
  let frozenAt = options.frozen ? (options.start?.getTime() ?? Date.now() + offset) : undefined;
  let wake: NodeJS.Timeout | undefined;
  let stopped = false;

  const now = (): number => frozenAt ?? Date.now() + offset;
  const arm = (): void => {
    clearTimeout(wake);
    const entry = timers.first();
    if (entry === undefined || stopped || frozenAt !== undefined) return;
    // setTimeout overflows past 2^31 ms. A timer that wakes early only sets itself again.
    wake = setTimeout(due, Math.min(Math.max(entry.at - now(), 0), 2 ** 31 - 1));
    wake.unref();
  };
  const due = (): void => {
    for (let entry = timers.takeDue(now()); entry !== undefined; entry = timers.takeDue(now()))
      void entry.task();
    arm();
  };
  const at = (when: Date, task: () => unknown): Timer => {
    const entry = timers.add(when.getTime(), task);
    arm();
    return {
      cancel: () => {
        if (timers.remove(entry)) arm();
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
      for (let entry = timers.takeDue(target); entry !== undefined; entry = timers.takeDue(target)) {
        move(Math.max(entry.at - now(), 0));
        await entry.task();
        // Reactions to the task run before time moves on.
        await new Promise((resolve) => setImmediate(resolve));
      }
      move(Math.max(target - now(), 0));
      arm();
    },
    next: () => {
      const entry = timers.first();
      return entry && new Date(entry.at);
    },
    stop: () => {
      stopped = true;
      clearTimeout(wake);
      timers.clear();
    },
  };
}

/** Keeps the timers that have not run, in the order of their times. Equal times keep the order of their creation. */
type Entry = { readonly at: number; readonly order: number; readonly task: () => unknown };

type TimerQueue = {
  readonly add: (at: number, task: () => unknown) => Entry;
  /** Returns false when the timer has run or was removed before. */
  readonly remove: (entry: Entry) => boolean;
  readonly first: () => Entry | undefined;
  /** Removes and returns the first timer if it is due at the given time. */
  readonly takeDue: (time: number) => Entry | undefined;
  readonly clear: () => void;
};

export function createTimerQueue(): TimerQueue {
  const entries = new Set<Entry>();
  let order = 0;
  const first = (): Entry | undefined => {
    let found: Entry | undefined;
    for (const entry of entries) {
      if (found === undefined || entry.at < found.at || (entry.at === found.at && entry.order < found.order))
        found = entry;
    }
    return found;
  };
  return {
    add: (at, task) => {
      const entry: Entry = { at, order: order++, task };
      entries.add(entry);
      return entry;
    },
    remove: (entry) => entries.delete(entry),
    first,
    takeDue: (time) => {
      const entry = first();
      if (entry === undefined || entry.at > time) return undefined;
      entries.delete(entry);
      return entry;
    },
    clear: () => entries.clear(),
  };
}

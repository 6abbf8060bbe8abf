/**
 * Keeps answers in the memory of an execution environment for a minute. Only `observe` uses it, which decides nothing:
 * it wakes a line, and reconcile reads the state of the line anew. A stale estate gives the line another queue, and
 * reconcile forwards the message. A stale line has been removed, and its reconcile finds nothing to do.
 */
import type { Clock } from "#ports/clock.ts";
import type { EstateFile } from "#ports/estate-file.ts";
import type { LineCache } from "#ports/line-cache.ts";
import { memory } from "./memory.ts";

const freshForMs = 60_000;

/** A burst of more lines than this reads some of them again. */
const mostAnswers = 200;

/** A missing answer is not kept, because a new line must be found at once. */
function recent<Value>(
  clock: Clock,
  read: (key: string) => Promise<Value | undefined>,
): (key: string) => Promise<Value | undefined> {
  const held = memory<{ readonly at: number; readonly value: Value }>(mostAnswers);
  return async (key) => {
    const now = Date.parse(clock());
    const known = held.get(key);
    if (known !== undefined && now >= known.at && now - known.at < freshForMs) return known.value;
    const value = await read(key);
    if (value !== undefined) held.set(key, { at: now, value });
    return value;
  };
}

type Sources = {
  readonly clock: Clock;
  readonly estate: EstateFile;
  readonly cache: Pick<LineCache, "get">;
};

type Recent = { readonly estate: EstateFile; readonly cache: Pick<LineCache, "get"> };

/** Adds the same ports with answers that may be a minute old. */
export function withRecent<Deps extends Sources>(deps: Deps): Deps & { readonly recent: Recent } {
  const { clock, estate, cache } = deps;
  const load = recent(clock, () => estate.load());
  const recently: Recent = {
    estate: { load: async () => (await load("")) ?? estate.load() },
    cache: { get: recent(clock, (key) => cache.get(key)) },
  };
  return { ...deps, recent: recently };
}

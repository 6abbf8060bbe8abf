/** Opens a gated environment that a broken clearance has stopped. */
import type { Clock } from "#ports/clock.ts";
import type { EnvironmentLocks } from "#ports/environment-locks.ts";
import { type EnvironmentLock, formatLock, lockKey, parseLock } from "#release/line/environment-lock.ts";
import type { Line } from "#release/names/key.ts";
import { lineName } from "#release/names/names.ts";
import { OperateError } from "./operate-error.ts";

type UnlockDeps = { readonly locks: EnvironmentLocks; readonly clock: Clock };

type UnlockOrder = { readonly line: Line; readonly environment: string; readonly reason: string };

/** Returns the lock as it was. */
export async function unlock(
  { locks, clock }: UnlockDeps,
  { line, environment, reason }: UnlockOrder,
): Promise<EnvironmentLock> {
  const key = lockKey(lineName(line), environment);
  const stored = await locks.read(key);
  const lock = stored && parseLock(stored.content);
  if (stored === undefined || lock?.stopped === undefined)
    throw new OperateError("NothingStopped", `${environment} is not stopped for this line (${key}).`);
  const at = clock();
  const { stopped: _, ...rest } = lock;
  const opened = formatLock({ ...rest, released: at, opened: { at, reason } });
  if (await locks.write(key, opened, stored.tag)) return lock;
  throw new OperateError("NothingStopped", `The lock ${key} has changed meanwhile. Run the command again.`);
}

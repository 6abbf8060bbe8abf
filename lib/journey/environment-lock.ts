/**
 * Keeps other executions out of a gated environment, from its change sets to their execution. Prepare takes the
 * lock, Execute compares and releases it. The lock of an ended execution is taken over, so a dead owner blocks no
 * release. A broken clearance stops the environment until an operator opens it.
 */
import type { ChangeSets } from "#ports/change-sets.ts";
import type { Clock } from "#ports/clock.ts";
import type { EnvironmentLocks, LockOwners } from "#ports/environment-locks.ts";
import type { Metrics } from "#ports/metrics.ts";
import { ReleaseError } from "#release/errors/errors.ts";
import { type EnvironmentLock, formatLock, lockKey, parseLock } from "#release/line/environment-lock.ts";
import type { Line } from "#release/names/key.ts";
import { changeSetName, lineName, pipelineName } from "#release/names/names.ts";
import { type ReviewedRelease, withRelease } from "#release/review/reviewed-release.ts";
import type { EnvironmentJob } from "./job.ts";

type Job = Pick<EnvironmentJob, "account" | "region" | "environment" | "execution">;

export type TakeDeps = {
  readonly locks: EnvironmentLocks;
  readonly owners: LockOwners;
  readonly changeSets: Pick<ChangeSets, "discard">;
  readonly clock: Clock;
};

/** Each lost race means that another execution has written. */
const attempts = 3;

type Entry = {
  readonly line: Line;
  /** The stacks in which the execution makes change sets. */
  readonly stacks: readonly string[];
  /** Finds the last releases for a lock that does not list them. */
  readonly past: () => Promise<readonly ReviewedRelease[]>;
};

/**
 * Returns the last releases of the environment when the execution holds the lock; undefined while another execution
 * works in the environment.
 */
export async function takeLock(
  deps: TakeDeps,
  job: Job,
  { line, stacks, past }: Entry,
): Promise<readonly ReviewedRelease[] | undefined> {
  const key = lockKey(lineName(line), job.environment);
  for (let attempt = 1; attempt <= attempts; attempt += 1) {
    const stored = await deps.locks.read(key);
    const held = stored && parseLock(stored.content);
    if (held?.stopped !== undefined) throw stoppedSince(key, held);
    if (held !== undefined && !(await isFree(deps, held, job))) return undefined;
    const releases = held?.releases ?? (await past());
    if (held !== undefined && isOwn(held, job) && held.released === undefined) return releases;
    const wanted: EnvironmentLock = {
      schema: 1,
      environment: job.environment,
      pipeline: pipelineName(line),
      execution: job.execution,
      stacks,
      since: deps.clock(),
      releases,
    };
    if (await deps.locks.write(key, formatLock(wanted), stored?.tag)) {
      if (held !== undefined) await removeChangeSets(deps, job, held);
      return releases;
    }
  }
  return undefined;
}

const stoppedSince = (key: string, { environment, execution, stopped }: EnvironmentLock): ReleaseError =>
  new ReleaseError(
    "EnvironmentStopped",
    `${environment} takes no release since ${stopped?.at}, because of the execution ${execution} (${key}): ${stopped?.sentence}`,
  );

const isOwn = ({ execution }: EnvironmentLock, job: Job): boolean => execution === job.execution;

const isFree = async ({ owners }: TakeDeps, held: EnvironmentLock, job: Job): Promise<boolean> =>
  held.released !== undefined || isOwn(held, job) || owners.hasEnded(held.pipeline, held.execution);

/**
 * A refused or superseded execution leaves its change sets. The execution of a change set removes the other change
 * sets of the stack (CloudFormation User Guide, "Execute a change set"), so a released lock needs no removal.
 */
async function removeChangeSets(
  { changeSets }: TakeDeps,
  job: Job,
  { execution, stacks, released }: EnvironmentLock,
): Promise<void> {
  if (released !== undefined || execution === job.execution) return;
  await Promise.all(stacks.map((stack) => changeSets.discard(job, stack, changeSetName(execution))));
}

type HeldLock = { readonly key: string; readonly lock: EnvironmentLock; readonly tag: string };

/** Throws `EnvironmentTaken` when another execution has entered the environment. */
export async function requireLock(
  { locks }: Pick<TakeDeps, "locks">,
  job: Job,
  line: Line,
): Promise<HeldLock> {
  const key = lockKey(lineName(line), job.environment);
  const stored = await locks.read(key);
  const lock = stored && parseLock(stored.content);
  if (stored !== undefined && lock !== undefined && isOwn(lock, job)) return { key, lock, tag: stored.tag };
  const found = lock === undefined ? "is gone" : `names the execution ${lock.execution}`;
  throw new ReleaseError(
    "EnvironmentTaken",
    `The lock ${key} ${found}; this is the execution ${job.execution}.`,
  );
}

/** Adds the release to the list. Another execution that has taken the lock over meanwhile keeps it. */
export async function releaseLock(
  { locks, clock }: Pick<TakeDeps, "locks" | "clock">,
  { key, lock, tag }: HeldLock,
  release: Omit<ReviewedRelease, "at">,
): Promise<void> {
  if (lock.released !== undefined) return;
  const at = clock();
  const releases = withRelease(lock.releases ?? [], { ...release, at });
  await locks.write(key, formatLock({ ...lock, released: at, releases }), tag);
}

/** No release enters the environment any more, until an operator opens it. */
export async function stopEnvironment(
  { locks, clock, metrics }: Pick<TakeDeps, "locks" | "clock"> & { readonly metrics: Metrics },
  { key, lock, tag }: HeldLock,
  sentence: string,
): Promise<void> {
  await locks.write(key, formatLock({ ...lock, stopped: { at: clock(), sentence } }), tag);
  await metrics.environmentStopped();
}

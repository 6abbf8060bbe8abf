/**
 * Runs after an approval. It compares the lock of the environment, the documents and the change sets with the
 * clearance, executes the change sets by their ARNs, compares the stacks afterwards, and releases the lock.
 */
import type { Clock } from "#ports/clock.ts";
import type { EnvironmentLocks } from "#ports/environment-locks.ts";
import type { JobArtifacts } from "#ports/job-artifacts.ts";
import type { Metrics } from "#ports/metrics.ts";
import type { Reviews } from "#ports/reviews.ts";
import type { TargetSettings } from "#ports/target-settings.ts";
import { ReleaseError } from "#release/errors/errors.ts";
import type { Release } from "#release/plan/release.ts";
import { parseRelease } from "#release/plan/release-document.ts";
import { broken, type Clearance, checkClearance, clearanceDigest } from "#release/review/clearance.ts";
import type { Review } from "#release/review/review.ts";
import type { ReviewedRelease } from "#release/review/reviewed-release.ts";
import { type AdvanceDeps, type Advanced, advanceStack } from "./advance-stack.ts";
import { checkDuties, type DutiesDeps } from "./check-duties.ts";
import { clearanceOf } from "./clearance-of.ts";
import { documents } from "./documents.ts";
import { releaseLock, requireLock, stopEnvironment } from "./environment-lock.ts";
import { compareSettings } from "./fix-settings.ts";
import { gateIn } from "./gate-document.ts";
import type { JobAnswer, WorkerJob } from "./job.ts";
import type { Memory } from "./memory.ts";
import { firstLevel, type PreparedStack, preparedStacks } from "./prepared-stacks.ts";
import { type Documents, documentIn, readSmallZip } from "./small-zip.ts";

type ExecuteDeps = AdvanceDeps &
  DutiesDeps & {
    readonly jobArtifacts: Pick<JobArtifacts, "read">;
    readonly reviews: Pick<Reviews, "read">;
    /** Compared clearances by their digests. */
    readonly clearances: Memory<Clearance>;
    readonly locks: EnvironmentLocks;
    readonly metrics: Metrics;
    readonly settings: Pick<TargetSettings, "read">;
    readonly clock: Clock;
  };

/** `onRelease` gets the release for the log. */
export async function executeCleared(
  deps: ExecuteDeps,
  job: WorkerJob,
  onRelease: (release: Release) => void = () => undefined,
): Promise<JobAnswer> {
  const prepared = await readSmallZip(await deps.jobArtifacts.read(job.input));
  const release = parseRelease(documentIn(prepared, documents.release));
  onRelease(release);
  const held = await requireLock(deps, job, release.line);
  try {
    const answer = await advance(deps, job, prepared, release);
    if (answer.type === "done") await releaseLock(deps, held, releasedIn(prepared, release));
    return answer;
  } catch (error) {
    if (error instanceof ReleaseError && error.code === "ClearanceBroken") {
      await stopEnvironment(deps, held, error.message);
    }
    throw error;
  }
}

function releasedIn(prepared: Documents, { artifact }: Release): Omit<ReviewedRelease, "at"> {
  const { by, commit } = gateIn(prepared).origin ?? {};
  return { version: artifact.versionId, ...(by && { by }), ...(commit !== undefined && { commit }) };
}

async function advance(
  deps: ExecuteDeps,
  job: WorkerJob,
  prepared: Documents,
  release: Release,
): Promise<JobAnswer> {
  if (job.continuation === undefined) await checkDuties(deps, job, release);
  const approved = await approvedClearance(deps, job);
  // The change sets are compared stack by stack, because an executed one is not there any more.
  const approvedSets = new Map(approved.stacks.map((stack) => [stack.name, stack]));
  checkClearance(approved, clearanceOf(job, prepared, approvedSets));
  await compareSettings(deps.settings, job, prepared);
  const stacks = preparedStacks(prepared, job);
  const level = job.continuation === undefined ? undefined : Number(job.continuation);
  const current = level === undefined ? firstLevel(stacks) : stacks.filter((stack) => stack.level === level);
  const { capabilities } = release.manifest;
  const ends: Advanced[] = [];
  for (const stack of current) ends.push(await advanceStack(deps, { job, stack, approved, capabilities }));
  if (ends.includes("later")) return { type: "later", continuation: String(current[0]?.level ?? 0) };
  const next = stacks.filter((stack) => stack.level > (current[0]?.level ?? 0));
  if (next.length > 0) {
    return { type: "later", continuation: String(Math.min(...next.map((each) => each.level))) };
  }
  return { type: "done", outputs: await outputsOf(deps, job, stacks, ends) };
}

/** The job of an action that compares the people of a release, before actions that do not compare them. */
export async function compareDuties(
  deps: DutiesDeps & Pick<ExecuteDeps, "jobArtifacts">,
  job: WorkerJob,
  onRelease: (release: Release) => void = () => undefined,
): Promise<JobAnswer> {
  const prepared = await readSmallZip(await deps.jobArtifacts.read(job.input));
  const release = parseRelease(documentIn(prepared, documents.release));
  onRelease(release);
  await checkDuties(deps, job, release);
  return { type: "done", outputs: {} };
}

/**
 * The variable of the execution names the digest, so a changed review is noticed. A clearance in memory has this
 * digest, so it is the approved one.
 */
async function approvedClearance(
  { reviews, clearances }: Pick<ExecuteDeps, "reviews" | "clearances">,
  job: WorkerJob,
): Promise<Clearance> {
  const { clearance: digest, review: key } = job.parameters as { clearance: string; review: string };
  const known = clearances.get(digest);
  if (known !== undefined) return known;
  const json = await reviews.read(`${key}.json`);
  if (json === undefined) throw broken(`The review ${key}.json is gone.`);
  const clearance = clearanceIn(json);
  const found = clearance === undefined ? "none" : clearanceDigest(clearance);
  if (clearance !== undefined && found === digest) {
    clearances.set(digest, clearance);
    return clearance;
  }
  throw broken(`The review ${key}.json has the clearance ${found}; approved was ${digest}.`);
}

/** Another writer may have put any bytes there. */
function clearanceIn(json: string): Clearance | undefined {
  try {
    return (JSON.parse(json) as Partial<Review>).clearance;
  } catch {
    return undefined;
  }
}

/** The outputs of the only stack are variables, as those of CodePipeline's own action are. */
async function outputsOf(
  { changeSets }: ExecuteDeps,
  job: WorkerJob,
  stacks: readonly PreparedStack[],
  ends: readonly Advanced[],
): Promise<Readonly<Record<string, string>>> {
  if (stacks.length !== 1) return {};
  const [end] = ends;
  if (end !== undefined && end !== "later" && end.outputs !== undefined) return end.outputs;
  return (await changeSets.stack(job, job.stack))?.outputs ?? {};
}

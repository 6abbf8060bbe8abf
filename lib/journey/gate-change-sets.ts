/**
 * The second half of Prepare in a gated environment: it makes the change sets of the first level, waits for
 * them, and writes the review. Later levels need the stacks before them, so their change sets follow after the
 * approval.
 */
import type { Assets } from "#ports/assets.ts";
import type { ChangeSets } from "#ports/change-sets.ts";
import type { JobArtifacts } from "#ports/job-artifacts.ts";
import type { Release } from "#release/plan/release.ts";
import { parseRelease } from "#release/plan/release-document.ts";
import { documents } from "./documents.ts";
import { type CreateDeps, createChangeSets, readChangeSets } from "./environment-change-sets.ts";
import { gateIn } from "./gate-document.ts";
import type { EnvironmentJob, JobAnswer } from "./job.ts";
import { firstLevel, preparedStacks } from "./prepared-stacks.ts";
import { type ReviewDeps, reviewEnvironment } from "./review-environment.ts";
import { documentIn, readSmallZip } from "./small-zip.ts";

export type GateDeps = ReviewDeps & {
  readonly jobArtifacts: JobArtifacts;
  readonly changeSets: ChangeSets;
  readonly assets: Assets;
};

/** The token has the key of the documents and the variables: another invocation may get another output. */
const waiting = "change-sets ";

export const waitsForChangeSets = ({ continuation }: EnvironmentJob): boolean =>
  continuation?.startsWith(waiting) ?? false;

export async function makeChangeSets(
  deps: CreateDeps,
  job: EnvironmentJob,
  prepared: Uint8Array,
  existing: ReadonlySet<string>,
): Promise<JobAnswer> {
  const written = await readSmallZip(prepared);
  const { capabilities } = releaseIn(written).manifest;
  await createChangeSets(deps, job, firstLevel(preparedStacks(written, job)), { capabilities, existing });
  return { type: "later", continuation: `${waiting}${job.output.key}` };
}

export async function reviewChangeSets(
  deps: GateDeps,
  job: EnvironmentJob,
  onRelease: (release: Release) => void,
): Promise<JobAnswer> {
  const continuation = job.continuation ?? "";
  const key = continuation.slice(waiting.length);
  const bytes = await deps.jobArtifacts.read({ ...job.output, key });
  const prepared = await readSmallZip(bytes);
  const release = releaseIn(prepared);
  onRelease(release);
  const changeSets = await readChangeSets(deps.changeSets, job, firstLevel(preparedStacks(prepared, job)));
  if (changeSets === undefined) return { type: "later", continuation };
  if (key !== job.output.key) await deps.jobArtifacts.write(job.output, bytes);
  const gate = gateIn(prepared);
  const outputs = await reviewEnvironment(deps, { job, prepared, changeSets, gate });
  return { type: "done", outputs: { ...gate.variables, ...outputs } };
}

const releaseIn = (written: Parameters<typeof documentIn>[0]): Release =>
  parseRelease(documentIn(written, documents.release));

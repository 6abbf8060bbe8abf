/**
 * The second half of Prepare in a gated environment: it makes the change sets of the first level, waits for
 * them, and writes the review. Later levels need the stacks before them, so their change sets follow after the
 * approval.
 */
import type { Assets } from "#ports/assets.ts";
import type { ChangeSets } from "#ports/change-sets.ts";
import type { JobArtifacts } from "#ports/job-artifacts.ts";
import { valueTree } from "#release/document/node-tree.ts";
import { object, readShape, text } from "#release/document/shape.ts";
import { ReleaseError } from "#release/errors/errors.ts";
import type { Release } from "#release/plan/release.ts";
import { parseRelease } from "#release/plan/release-document.ts";
import type { WayBack } from "#release/review/review.ts";
import { documents } from "./documents.ts";
import { type CreateDeps, createChangeSets, readChangeSets } from "./environment-change-sets.ts";
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
): Promise<JobAnswer> {
  const written = await readSmallZip(prepared);
  const { manifest } = releaseIn(written);
  await createChangeSets(deps, job, firstLevel(preparedStacks(written, job)), manifest.capabilities);
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
  const { back, variables } = gateIn(documentIn(prepared, documents.gate));
  const outputs = await reviewEnvironment(deps, { job, prepared, changeSets, back });
  return { type: "done", outputs: { ...variables, ...outputs } };
}

const releaseIn = (written: Parameters<typeof documentIn>[0]): Release =>
  parseRelease(documentIn(written, documents.release));

type Gate = {
  readonly back: WayBack;
  /** The variables of the configuration. */
  readonly variables: Readonly<Record<string, string>>;
};

export const gateDocument = (gate: Gate): string => JSON.stringify(gate);

const backShape = object({ within: text(), by: text() });

function gateIn(json: string): Gate {
  const { back, variables } = JSON.parse(json) as Gate;
  const read = readShape(backShape, valueTree(back));
  if ("value" in read) return { back: read.value, variables };
  throw new ReleaseError("ReleaseDocumentMalformed", `${documents.gate} is not whole.`);
}

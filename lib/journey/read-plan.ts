/**
 * Reads the plan that the planning project of a target made: it checks the plan against the estate's rules,
 * sums it up for the approver, and computes the digest that the apply compares. No code of the team runs here.
 */

import type { JobArtifacts } from "#ports/job-artifacts.ts";
import { ReleaseError } from "#release/errors/errors.ts";
import { planFiles } from "#release/names/deployed-names.ts";
import { sha256Hex } from "#release/names/digest.ts";
import { checkTerraformPlan, readTerraformPlan } from "#release/stack/terraform-plan.ts";
import { terraformSummary } from "#release/stack/terraform-summary.ts";
import type { JobAnswer, WorkerJob } from "./job.ts";
import { type Documents, documentIn, readSmallZip } from "./small-zip.ts";

type ReadPlanDeps = { readonly jobArtifacts: Pick<JobArtifacts, "read"> };

export async function readPlan({ jobArtifacts }: ReadPlanDeps, job: WorkerJob): Promise<JobAnswer> {
  const made = await readSmallZip(await jobArtifacts.read(job.input));
  const plan = readTerraformPlan(documentIn(made, planFiles.json));
  checkTerraformPlan(plan, (job.parameters["providers"] ?? []) as readonly string[]);
  const outputs = { PLAN_SUMMARY: terraformSummary(plan), PLAN_DIGEST: digestOf(made) };
  return { type: "done", outputs };
}

/** Of the plan and of the provider versions it was made with; the apply's buildspec computes the same. */
const digestOf = (made: Documents): string =>
  sha256Hex(joined(bytesIn(made, planFiles.plan), bytesIn(made, planFiles.lock)));

function joined(first: Uint8Array, second: Uint8Array): Uint8Array {
  const all = new Uint8Array(first.length + second.length);
  all.set(first);
  all.set(second, first.length);
  return all;
}

function bytesIn(made: Documents, name: string): Uint8Array {
  const bytes = made.get(name);
  if (bytes !== undefined) return bytes;
  throw new ReleaseError("ReleaseDocumentMalformed", `The plan's artifact has no ${name}.`);
}

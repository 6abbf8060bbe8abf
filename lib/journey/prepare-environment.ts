/**
 * The pipeline's prepare action: fits template and parameters to one environment, and clears away what is left of a
 * creation that failed, which CloudFormation could neither update nor create again.
 */
import { ReleaseError } from "#release/errors.ts";
import { checkParameters, type Parameters, readParameters } from "#release/parameters.ts";
import type { Release } from "#release/release.ts";
import { parseRelease } from "#release/release-document.ts";
import { stackPhase } from "#release/stack-status.ts";
import { readTemplate, type TemplateDocument, writeTemplate } from "#release/template-document.ts";
import { deleteToken } from "#release/tokens.ts";
import { writeZip } from "#release/zip-write.ts";
import { documents, type EnvironmentJob, type JobAnswer } from "./job.ts";
import type { Applications, JobArtifacts, TargetSettings } from "./ports.ts";
import { resolveSettings } from "./settings.ts";
import { documentIn, readSmallZip } from "./small-zip.ts";
import { stackTags, withOrigin } from "./stack-tags.ts";

export type PrepareWorld = {
  readonly jobArtifacts: JobArtifacts;
  readonly applications: Pick<Applications, "status" | "failure" | "remove">;
  readonly settings: TargetSettings;
};

/** Statuses of a stack that never came into being, so that nothing is lost with it. */
const remains = ["ROLLBACK_COMPLETE", "ROLLBACK_FAILED", "CREATE_FAILED", "REVIEW_IN_PROGRESS"];

/** `onRelease` is told what is being prepared, for the log. */
export async function prepareEnvironment(
  world: PrepareWorld,
  job: EnvironmentJob,
  onRelease: (release: Release) => void = () => undefined,
): Promise<JobAnswer> {
  const packaged = await readSmallZip(await world.jobArtifacts.read(job.input));
  const release = parseRelease(documentIn(packaged, documents.release));
  onRelease(release);
  const template = readTemplate(documentIn(packaged, documents.template), release.manifest.template);
  const path = documents.parameters(job.environment);
  const given = readParameters(documentIn(packaged, path), path);
  checkFit(template, given, release, job);
  const { values, tags } = await resolveSettings(world.settings, job, given);

  const later = await clearTheWay(world.applications, job);
  if (later !== undefined) return { type: "later", continuation: later };

  const origin = {
    line: release.line,
    versionId: release.artifact.versionId,
    digest: documentIn(packaged, documents.digest),
  };
  const prepared = writeZip([
    { name: documents.template, content: writeTemplate(withOrigin(template, origin)) },
    {
      name: documents.config,
      content: JSON.stringify({ Parameters: values, Tags: stackTags(release.line, tags) }),
    },
  ]);
  await world.jobArtifacts.write(job.output, prepared);
  return { type: "done", outputs: {} };
}

/** Says also which files the values came from, which the check cannot know. */
function checkFit(
  template: TemplateDocument,
  given: Parameters,
  { manifest }: Release,
  job: EnvironmentJob,
): void {
  try {
    checkParameters(template, given, job.environment);
  } catch (error) {
    if (!(error instanceof ReleaseError)) throw error;
    const { shared, byEnvironment } = manifest.parameters;
    const files = [shared, byEnvironment[job.environment]].filter((file) => file !== undefined);
    const read =
      files.length === 0 ? "The artifact has no parameters file for it." : `Read: ${files.join(", ")}.`;
    throw new ReleaseError(error.code, `${error.message} ${read}`, error);
  }
}

/** What has to end before the stack can be deployed; undefined when nothing is in the way. */
async function clearTheWay(
  applications: PrepareWorld["applications"],
  job: EnvironmentJob,
): Promise<string | undefined> {
  const status = await applications.status(job, job.stack);
  const phase = stackPhase(status);
  if (phase === "busy" || phase === "deleting") {
    // Only what this action began to delete may fail it; a teardown's or an older execution's work is waited for.
    return job.continuation ?? "waiting";
  }
  if (status !== undefined && remains.includes(status)) return remove(applications, job);
  if (phase === "undeletable" && job.continuation !== "removing") return remove(applications, job);
  if (phase === "undeletable" || phase === "broken") {
    const cause = (await applications.failure(job, job.stack)) ?? "CloudFormation gave no reason.";
    const seen = `The stack ${job.stack} in account ${job.account} is ${status}: ${cause}`;
    const todo =
      phase === "broken"
        ? "Somebody has to continue its rollback (aws cloudformation continue-update-rollback)."
        : "Somebody has to delete it.";
    throw new ReleaseError("DeploymentFailed", `${seen} ${todo}`);
  }
  return undefined;
}

async function remove(applications: PrepareWorld["applications"], job: EnvironmentJob): Promise<string> {
  await applications.remove(job, job.stack, deleteToken("remains", `${job.execution} ${job.environment}`));
  return "removing";
}

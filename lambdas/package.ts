/** Runs for the Package action of every pipeline of the anchor. */
import { jobs, packageDeps } from "#aws/deps-lambdas.ts";
import { packageArtifact } from "#journey/package-artifact.ts";
import { anchorLocation } from "./door/anchor-location.ts";
import { jobOf } from "./door/job-event.ts";
import { aboutRelease, createLogger } from "./door/logger.ts";
import { jobHandler } from "./door/pipeline-job.ts";

const { region, location } = anchorLocation();
const deps = packageDeps({ region }, location);
const logger = createLogger();

export const handler = jobHandler({ jobs: jobs({ region }), logger, read: jobOf }, (job) =>
  packageArtifact(deps, job, aboutRelease(logger, job)),
);

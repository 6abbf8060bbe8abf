/** Runs for the Prepare actions of every pipeline of the anchor. */
import { jobs, prepareDeps } from "#aws/deps-lambdas.ts";
import { prepareEnvironment } from "#journey/prepare-environment.ts";
import { anchorLocation } from "./door/anchor-location.ts";
import { prepareJobOf } from "./door/job-event.ts";
import { aboutRelease, createLogger } from "./door/logger.ts";
import { jobHandler } from "./door/pipeline-job.ts";

const { region, location } = anchorLocation();
const deps = prepareDeps({ region }, location);
const logger = createLogger();

export const handler = jobHandler({ jobs: jobs({ region }), logger, read: prepareJobOf }, (job) =>
  prepareEnvironment(deps, job, aboutRelease(logger, job)),
);

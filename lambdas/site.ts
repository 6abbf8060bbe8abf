/** Runs for the Publish actions of the anchor's site pipelines. */
import { jobs, siteDeps } from "#aws/deps-lambdas.ts";
import { publishSite } from "#journey/publish-site.ts";
import { anchorLocation } from "./door/anchor-location.ts";
import { workerJobOf } from "./door/job-event.ts";
import { aboutRelease, createLogger } from "./door/logger.ts";
import { jobHandler } from "./door/pipeline-job.ts";

const { region, location } = anchorLocation();
const deps = siteDeps({ region }, location);
const logger = createLogger();

export const handler = jobHandler({ jobs: jobs({ region }), logger, read: workerJobOf }, (job) =>
  publishSite(deps, job, aboutRelease(logger, job)),
);

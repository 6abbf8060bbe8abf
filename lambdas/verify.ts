/** Runs for the verify actions of every pipeline of the anchor. */
import { jobs, verifyDeps } from "#aws/deps-lambdas.ts";
import { verifyRelease } from "#journey/verify-release.ts";
import { anchorLocation } from "./door/anchor-location.ts";
import { workerJobOf } from "./door/job-event.ts";
import { about, createLogger } from "./door/logger.ts";
import { jobHandler } from "./door/pipeline-job.ts";

const { region } = anchorLocation();
const deps = verifyDeps({ region });
const logger = createLogger();

export const handler = jobHandler({ jobs: jobs({ region }), logger, read: workerJobOf }, (job) => {
  about(logger, job);
  return verifyRelease(deps, job);
});

/** Runs for the Execute actions of gated environments, after their approval. */
import { executeDeps, jobs } from "#aws/deps-lambdas.ts";
import { executeCleared } from "#journey/execute-cleared.ts";
import { anchorLocation } from "./door/anchor-location.ts";
import { workerJobOf } from "./door/job-event.ts";
import { aboutRelease, createLogger } from "./door/logger.ts";
import { jobHandler } from "./door/pipeline-job.ts";

const { region, location } = anchorLocation();
const deps = executeDeps({ region }, location);
const logger = createLogger();

export const handler = jobHandler({ jobs: jobs({ region }), logger, read: workerJobOf }, (job) =>
  executeCleared(deps, job, aboutRelease(logger, job)),
);

/** Runs for pipeline actions that call a function in a target account, or run migrations with one. */
import { callDeps, jobs } from "#aws/deps-lambdas.ts";
import { callFunction } from "#journey/call-function.ts";
import { migrate } from "#journey/migrate.ts";
import { anchorLocation } from "./door/anchor-location.ts";
import { workerJobOf } from "./door/job-event.ts";
import { about, createLogger } from "./door/logger.ts";
import { jobHandler } from "./door/pipeline-job.ts";

const { region, location } = anchorLocation();
const deps = callDeps({ region }, location);
const logger = createLogger();

export const handler = jobHandler({ jobs: jobs({ region }), logger, read: workerJobOf }, (job) => {
  about(logger, job);
  return "migrations" in job.parameters ? migrate(deps, job) : callFunction(deps, job);
});

/** Runs for the SmokeInput actions of every pipeline of the anchor. */
import { jobs, smokeDeps } from "#aws/deps-lambdas.ts";
import { smokeInput } from "#journey/smoke-input.ts";
import { anchorLocation } from "./door/anchor-location.ts";
import { jobOf } from "./door/job-event.ts";
import { aboutRelease, createLogger } from "./door/logger.ts";
import { jobHandler } from "./door/pipeline-job.ts";

const { region, location } = anchorLocation();
const deps = smokeDeps({ region }, location);
const logger = createLogger();

export const handler = jobHandler({ jobs: jobs({ region }), logger, read: jobOf }, (job) =>
  smokeInput(deps, job, aboutRelease(logger, job)),
);

/** Invoked by the Prepare actions of every pipeline of the anchor. */
import { jobs, prepareWorld } from "#aws/world.ts";
import { prepareEnvironment } from "#journey/prepare-environment.ts";
import { anchorPlace } from "./door/anchor-place.ts";
import { jobOf } from "./door/job-event.ts";
import { aboutRelease, createLogger } from "./door/logger.ts";
import { jobHandler } from "./door/pipeline-job.ts";

const { region, place } = anchorPlace();
const world = prepareWorld({ region }, place);
const logger = createLogger();

export const handler = jobHandler({ jobs: jobs({ region }), logger, read: jobOf }, (job) =>
  prepareEnvironment(world, job, aboutRelease(logger, job)),
);

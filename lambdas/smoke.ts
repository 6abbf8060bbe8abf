/** Invoked by the SmokeInput actions of every pipeline of the anchor. */
import { jobs, smokeWorld } from "#aws/world.ts";
import { smokeInput } from "#journey/smoke-input.ts";
import { anchorPlace } from "./door/anchor-place.ts";
import { jobOf } from "./door/job-event.ts";
import { aboutRelease, createLogger } from "./door/logger.ts";
import { jobHandler } from "./door/pipeline-job.ts";

const { region, place } = anchorPlace();
const world = smokeWorld({ region }, place);
const logger = createLogger();

export const handler = jobHandler({ jobs: jobs({ region }), logger, read: jobOf }, (job) =>
  smokeInput(world, job, aboutRelease(logger, job)),
);

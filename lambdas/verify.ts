/** Invoked by the verify actions of every pipeline of the anchor. */
import { jobs, verifyWorld } from "#aws/world.ts";
import { verifyRelease } from "#journey/verify-release.ts";
import { anchorPlace } from "./door/anchor-place.ts";
import { workerJobOf } from "./door/job-event.ts";
import { about, createLogger } from "./door/logger.ts";
import { jobHandler } from "./door/pipeline-job.ts";

const { region } = anchorPlace();
const world = verifyWorld({ region });
const logger = createLogger();

export const handler = jobHandler({ jobs: jobs({ region }), logger, read: workerJobOf }, (job) => {
  about(logger, job);
  return verifyRelease(world, job);
});

/** Invoked by the actions of every pipeline of the anchor that call a function of a target account, or run migrations with one. */
import { callWorld, jobs } from "#aws/world.ts";
import { callFunction } from "#journey/call-function.ts";
import { migrate } from "#journey/migrate.ts";
import { anchorPlace } from "./door/anchor-place.ts";
import { workerJobOf } from "./door/job-event.ts";
import { about, createLogger } from "./door/logger.ts";
import { jobHandler } from "./door/pipeline-job.ts";

const { region, place } = anchorPlace();
const world = callWorld({ region }, place);
const logger = createLogger();

export const handler = jobHandler({ jobs: jobs({ region }), logger, read: workerJobOf }, (job) => {
  about(logger, job);
  return "migrations" in job.parameters ? migrate(world, job) : callFunction(world, job);
});

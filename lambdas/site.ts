/** Invoked by the Publish actions of every site's pipeline of the anchor. */
import { jobs, siteWorld } from "#aws/world.ts";
import { publishSite } from "#journey/publish-site.ts";
import { anchorPlace } from "./door/anchor-place.ts";
import { workerJobOf } from "./door/job-event.ts";
import { aboutRelease, createLogger } from "./door/logger.ts";
import { jobHandler } from "./door/pipeline-job.ts";

const { region, place } = anchorPlace();
const world = siteWorld({ region }, place);
const logger = createLogger();

export const handler = jobHandler({ jobs: jobs({ region }), logger, read: workerJobOf }, (job) =>
  publishSite(world, job, aboutRelease(logger, job)),
);

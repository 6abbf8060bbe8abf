/** Invoked by the Package action of every pipeline of the anchor. */
import { jobs, packageWorld } from "#aws/world.ts";
import { packageArtifact } from "#journey/package-artifact.ts";
import { anchorPlace } from "./door/anchor-place.ts";
import { jobOf } from "./door/job-event.ts";
import { aboutRelease, createLogger } from "./door/logger.ts";
import { jobHandler } from "./door/pipeline-job.ts";

const { region, place } = anchorPlace();
const world = packageWorld({ region }, place);
const logger = createLogger();

export const handler = jobHandler({ jobs: jobs({ region }), logger, read: jobOf }, (job) =>
  packageArtifact(world, job, aboutRelease(logger, job)),
);

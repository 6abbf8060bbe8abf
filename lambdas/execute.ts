/**
 * Runs for the Execute actions of gated environments, after their approval, and for the actions that only compare
 * uploader and approver.
 */
import { executeDeps, jobs } from "#aws/deps-lambdas.ts";
import { compareDuties, executeCleared } from "#journey/execute-cleared.ts";
import { memory } from "#journey/memory.ts";
import type { Clearance } from "#release/review/clearance.ts";
import { anchorLocation } from "./door/anchor-location.ts";
import { workerJobOf } from "./door/job-event.ts";
import { aboutRelease, createLogger } from "./door/logger.ts";
import { pinnedRoles } from "./door/pinned-roles.ts";
import { jobHandler } from "./door/pipeline-job.ts";

const { region, location } = anchorLocation();
const deps = {
  ...executeDeps({ region }, location),
  ...{ pinned: pinnedRoles(), clearances: memory<Clearance>(20) },
};
const logger = createLogger();

export const handler = jobHandler({ jobs: jobs({ region }), logger, read: workerJobOf }, (job) =>
  ("clearance" in job.parameters ? executeCleared : compareDuties)(deps, job, aboutRelease(logger, job)),
);

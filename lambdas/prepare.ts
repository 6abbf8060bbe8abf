/**
 * Runs for the Prepare actions of every pipeline of the anchor, and for the actions that read the plan of a
 * planning project.
 */
import type { CodePipelineEvent } from "aws-lambda";
import { jobs, prepareDeps } from "#aws/deps-lambdas.ts";
import { withOwnOutputs } from "#journey/own-outputs.ts";
import { prepareEnvironment } from "#journey/prepare-environment.ts";
import { readPlan } from "#journey/read-plan.ts";
import { anchorLocation } from "./door/anchor-location.ts";
import { hasOutput, prepareJobOf, workerJobOf } from "./door/job-event.ts";
import { about, aboutRelease, createLogger } from "./door/logger.ts";
import { jobHandler } from "./door/pipeline-job.ts";

const { region, location } = anchorLocation();
const deps = withOwnOutputs(prepareDeps({ region }, location));
const logger = createLogger();

/** An action that prepares hands files on; an action that reads a plan hands on variables only. */
const read = (event: CodePipelineEvent) =>
  hasOutput(event) ? { prepare: prepareJobOf(event) } : { plan: workerJobOf(event) };

export const handler = jobHandler({ jobs: jobs({ region }), logger, read }, (job) => {
  if ("prepare" in job) return prepareEnvironment(deps, job.prepare, aboutRelease(logger, job.prepare));
  about(logger, job.plan);
  return readPlan(deps, job.plan);
});

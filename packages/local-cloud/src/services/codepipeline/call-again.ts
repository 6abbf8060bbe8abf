/**
 * Calls a Lambda function again that answered its job with a continuation token. The job stores the time of
 * the call, so that the call survives a restart.
 */
import type { Engine } from "./engine.ts";
import { lineOf } from "./jobs.ts";
import { observeAgain } from "./run.ts";
import type { JobRow } from "./state.ts";

export function callAgain(engine: Engine, job: JobRow): void {
  if (job.callAt === undefined) return;
  engine.clock.at(job.callAt, () =>
    engine.cloud.spawn(`codepipeline ${job.pipeline}`, () => observeAgain(engine, lineOf(job), job)),
  );
}

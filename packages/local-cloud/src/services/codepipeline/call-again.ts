/** Has a function called that asked for it with a continuation token; the job remembers when, for a restart comes between. */
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

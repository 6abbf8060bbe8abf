/** Opens jobs for Lambda functions and custom workers, and fails the jobs of functions that stay silent. */
import { randomUUID } from "node:crypto";
import type { JobTicket, JobWorker } from "#cloud/action-providers/provider.ts";
import type { Engine, Line } from "./engine.ts";
import { type Found, findRun } from "./find-run.ts";
import type { JobRow } from "./state.ts";

/** Returns the pipeline of a job. Its account and region may differ from those of the function. */
export const lineOf = ({ account, region, pipeline }: JobRow): Line => ({ account, region, pipeline });

const SILENCE_MINUTES = 20;

/** Opens a job, or reuses the job that a continuation token left open. */
export function openJob(
  engine: Engine,
  line: Line,
  { execution, run, region }: Found,
  worker: JobWorker,
  account: string,
): JobTicket {
  // A function reports its result in its own account and region.
  const location = worker.kind === "lambda" ? { account, region } : line;
  const { jobs } = engine.stateOf(location.account, location.region);
  const open = [...jobs.values()].find((job) => job.run === run.id);
  const row: JobRow = {
    id: open?.id ?? randomUUID(),
    worker,
    account: line.account,
    region: line.region,
    pipeline: line.pipeline,
    execution: execution.id,
    run: run.id,
    status: worker.kind === "lambda" ? "InProgress" : "Queued",
    nonce: open?.nonce ?? "1",
    ...(open?.continuationToken !== undefined && { continuationToken: open.continuationToken }),
    heard: engine.clock.now(),
  };
  jobs.set(row.id, row);
  if (worker.kind === "lambda") watchSilentJob(engine, location, row);
  return {
    id: row.id,
    ...(row.continuationToken !== undefined && { continuationToken: row.continuationToken }),
  };
}

/**
 * Fails the run of a function that has not reported for 20 minutes (CodePipeline User Guide, "Quotas in AWS
 * CodePipeline").
 */
export function watchSilentJob(
  engine: Engine,
  location: { readonly account: string; readonly region: string },
  watched: JobRow,
): void {
  const { jobs } = engine.stateOf(location.account, location.region);
  engine.clock.at(new Date(watched.heard.getTime() + SILENCE_MINUTES * 60_000), () => {
    const job = jobs.get(watched.id);
    if (job === undefined || job.status !== "InProgress" || job.heard.getTime() !== watched.heard.getTime())
      return;
    const line = lineOf(job);
    if (engine.cloud.stopping() || findRun(engine, line, job) === undefined) return;
    jobs.set(job.id, { ...job, status: "TimedOut" });
    engine.drive(line, {
      kind: "report",
      execution: job.execution,
      run: job.run,
      status: "Failed",
      details: {
        error: {
          code: "JobTimedOut",
          message: `The AWS Lambda function ${"functionName" in job.worker ? job.worker.functionName : ""} failed to return a result. Check the function to verify that it has permission to call the PutJobSuccessResult action and that it made a call to PutJobSuccessResult.`,
        },
      },
    });
  });
}

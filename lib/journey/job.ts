/** Defines the request and the answer of a pipeline action that a Lambda executes. */
import type { ArtifactLocation } from "#ports/job-artifacts.ts";

export type JobRequest = {
  readonly input: ArtifactLocation;
  readonly output: ArtifactLocation;
  /** The id of the pipeline execution. */
  readonly execution: string;
  /** The continuation token of the action's previous answer `later`. */
  readonly continuation?: string;
};

/** A job of an action in an environment. */
export type EnvironmentJob = JobRequest & {
  readonly environment: string;
  readonly account: string;
  readonly region: string;
  readonly stack: string;
};

/** `gated`: an approval follows, so Prepare makes the change sets and writes their review. */
export type PrepareJob = EnvironmentJob & { readonly gated: boolean };

export type JobAnswer =
  | { readonly type: "done"; readonly outputs: Readonly<Record<string, string>> }
  /** An operation in AWS must end first. CodePipeline invokes the Lambda again later. */
  | { readonly type: "later"; readonly continuation: string };

/** A job of an action without an output artifact. `parameters` come from the plan. */
export type WorkerJob = Omit<EnvironmentJob, "output"> & {
  readonly parameters: Readonly<Record<string, unknown>>;
};

/** What an action of a pipeline is asked, and how it answers. */
import type { ArtifactLocation } from "#ports/job-artifacts.ts";

export type JobRequest = {
  readonly input: ArtifactLocation;
  readonly output: ArtifactLocation;
  /** The pipeline's execution. */
  readonly execution: string;
  /** What the action said when it asked to be invoked again. */
  readonly continuation?: string;
};

/** An action of an environment. */
export type EnvironmentJob = JobRequest & {
  readonly environment: string;
  readonly account: string;
  readonly region: string;
  readonly stack: string;
};

export type JobAnswer =
  | { readonly type: "done"; readonly outputs: Readonly<Record<string, string>> }
  /** Something in AWS has to end first; nobody waits for it meanwhile. */
  | { readonly type: "later"; readonly continuation: string };

/** An action of an environment that hands nothing on; `parameters` are what the plan tells its worker. */
export type WorkerJob = Omit<EnvironmentJob, "output"> & {
  readonly parameters: Readonly<Record<string, unknown>>;
};

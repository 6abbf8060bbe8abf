/** Defines CodePipeline's stored state in one account and region. */
import type { ActionType } from "@aws-sdk/client-codepipeline";
import type { OpenTable, Table } from "#cloud/kernel/store.ts";
import type { Board } from "#cloud/pipeline/board.ts";
import type { Declaration } from "#cloud/pipeline/declaration.ts";
import type { Execution } from "#cloud/pipeline/execution.ts";

export type PipelineRow = {
  readonly declaration: Declaration;
  readonly created: Date;
  readonly updated: Date;
  readonly tags: Readonly<Record<string, string>>;
};

type JobStatus = "Queued" | "Dispatched" | "InProgress" | "Succeeded" | "Failed" | "TimedOut";

/** A job of a Lambda function or a custom worker, which reports its result. */
export type JobRow = {
  readonly id: string;
  readonly worker: { readonly kind: "lambda"; readonly functionName: string } | { readonly kind: "custom" };
  /**
   * The pipeline's account and region. A function's job is stored in the account and region of the function.
   */
  readonly account: string;
  readonly region: string;
  readonly pipeline: string;
  readonly execution: string;
  readonly run: string;
  readonly status: JobStatus;
  readonly nonce: string;
  readonly continuationToken?: string;
  /** The time of the next call with the continuation token; absent after the call. */
  readonly callAt?: Date;
  /** The time of the worker's last report. */
  readonly heard: Date;
};

type CustomTypeRow = { readonly type: ActionType; readonly tags: Readonly<Record<string, string>> };

export type CodePipelineState = {
  readonly pipelines: Table<PipelineRow>;
  /** The declarations of earlier versions, by `<name>@<version>`. */
  readonly versions: Table<Declaration>;
  readonly boards: Table<Board>;
  readonly executions: (pipeline: string) => Table<Execution>;
  /** The clientRequestTokens of StartPipelineExecution, by `<name>/<token>`. */
  readonly tokens: Table<{ readonly execution: string; readonly request: string; readonly at: Date }>;
  readonly jobs: Table<JobRow>;
  /** Custom action types by `<category>/<provider>/<version>`. */
  readonly customTypes: Table<CustomTypeRow>;
  /** The object version that polling last found, by `<pipeline>/<action>`. */
  readonly polled: Table<{ readonly version: string }>;
};

export const codePipelineState = (table: OpenTable): CodePipelineState => ({
  pipelines: table("pipelines"),
  versions: table("versions"),
  boards: table("boards"),
  executions: (pipeline) => table(`executions:${pipeline}`),
  tokens: table("tokens"),
  jobs: table("jobs"),
  customTypes: table("custom-types"),
  polled: table("polled"),
});

/** What CodePipeline keeps in one account and region. */
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

export type JobStatus = "Queued" | "Dispatched" | "InProgress" | "Succeeded" | "Failed" | "TimedOut";

/** Work that a Lambda function or a custom worker reports on. */
export type JobRow = {
  readonly id: string;
  readonly worker: { readonly kind: "lambda"; readonly functionName: string } | { readonly kind: "custom" };
  /** Where the pipeline lives; a function of another account or region reports where it lives itself. */
  readonly account: string;
  readonly region: string;
  readonly pipeline: string;
  readonly execution: string;
  readonly run: string;
  readonly status: JobStatus;
  readonly nonce: string;
  readonly continuationToken?: string;
  /** When the function is to be called with the token; absent once it is. */
  readonly callAt?: Date;
  /** When the worker was last heard of. */
  readonly heard: Date;
};

export type CustomTypeRow = { readonly type: ActionType; readonly tags: Readonly<Record<string, string>> };

export type CodePipelineState = {
  readonly pipelines: Table<PipelineRow>;
  /** Every version's declaration, `<name>@<version>`. */
  readonly versions: Table<Declaration>;
  readonly boards: Table<Board>;
  readonly executions: (pipeline: string) => Table<Execution>;
  /** clientRequestTokens of starts, `<name>/<token>`. */
  readonly tokens: Table<{ readonly execution: string; readonly request: string; readonly at: Date }>;
  readonly jobs: Table<JobRow>;
  /** `<category>/<provider>/<version>` */
  readonly customTypes: Table<CustomTypeRow>;
  /** What polling sources saw last, `<pipeline>/<action>`. */
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

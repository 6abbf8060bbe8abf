/**
 * Defines an action provider: its inputs and properties, its check, its start, and the observation of a run
 * in progress.
 */
import type { Clock } from "#cloud/kernel/clock.ts";
import type { Cloud, Credentials } from "#cloud/kernel/cloud-type.ts";
import type { RoleSession } from "#cloud/kernel/principal.ts";
import type { Action, ActionTypeId, EnvironmentVariable } from "#cloud/pipeline/declaration.ts";
import type { RunDetails, RunError, S3Location, SourceOverride } from "#cloud/pipeline/execution.ts";
import type { TypeInfo } from "#cloud/pipeline/type-info.ts";

export type InputArtifact = {
  readonly name: string;
  readonly location: S3Location;
  readonly revisionId?: string;
  /** Reads the artifact's bytes as the action's role. */
  readonly read: () => Promise<Buffer>;
};

export type OutputArtifact = {
  readonly name: string;
  readonly location: S3Location;
  readonly files?: readonly string[];
  /** Stores the artifact as the action's role, encrypted as the artifact store says. */
  readonly write: (body: Buffer) => Promise<void>;
};

/** A run of an action or a rule, with everything the provider may use. */
export type Job = {
  readonly cloud: Cloud;
  readonly clock: Clock;
  readonly pipeline: {
    readonly name: string;
    readonly arn: string;
    readonly account: string;
    readonly region: string;
  };
  readonly stage: string;
  readonly executionId: string;
  /**
   * The run's id. A provider names the resource it starts by it, so that the service recognizes a second
   * start.
   */
  readonly runId: string;
  readonly name: string;
  readonly kind: "action" | "rule";
  readonly mode: "SUPERSEDED" | "QUEUED" | "PARALLEL";
  readonly startTime: Date;
  readonly deadline: Date;
  readonly typeId: Omit<ActionTypeId, "category" | "owner"> & {
    readonly category: string;
    readonly owner: string;
  };
  /** The configuration with its variables resolved. */
  readonly configuration: Readonly<Record<string, string>>;
  readonly commands: readonly string[];
  readonly environmentVariables: readonly EnvironmentVariable[];
  readonly outputVariables: readonly string[];
  readonly sourceRevisions: readonly SourceOverride[];
  readonly inputs: readonly InputArtifact[];
  readonly outputs: readonly OutputArtifact[];
  readonly encryptionKey?: { readonly id: string; readonly type: "KMS" };
  /** The region in which the action works. */
  readonly region: string;
  /** The action's role, or else the pipeline's. */
  readonly role: RoleSession;
  readonly credentials: Credentials;
  /** Calls a service as that role. */
  readonly call: <Result>(service: string, operation: string, input: unknown) => Promise<Result>;
  /**
   * Stores bytes next to the pipeline's artifacts, as the pipeline's role, for a service that takes an S3
   * URL.
   */
  readonly keep: (artifact: string, body: Buffer) => Promise<S3Location>;
  /** Issues credentials of the pipeline's role, limited to `policy`. */
  readonly issueLimitedCredentials: (policy: string) => Promise<{
    readonly accessKeyId: string;
    readonly secretAccessKey: string;
    readonly sessionToken: string;
  }>;
  /** Opens a job that a function or a worker ends. Returns the job's id. */
  readonly openJob: (worker: JobWorker) => JobTicket;
};

export type JobWorker =
  | { readonly kind: "lambda"; readonly functionName: string }
  | { readonly kind: "custom" };

export type JobTicket = { readonly id: string; readonly continuationToken?: string };

export type Outcome =
  | {
      readonly status: "Succeeded";
      readonly details?: RunDetails;
      /** The output artifacts that the run wrote. */
      readonly written?: readonly string[];
    }
  | { readonly status: "Failed"; readonly error: RunError; readonly details?: RunDetails }
  /** The engine calls `observe` later, with the memo in the details. */
  | { readonly status: "InProgress"; readonly details: RunDetails; readonly again?: Date }
  /** An approval or a job ends the run from outside. */
  | { readonly status: "Waiting"; readonly details: RunDetails };

export type Provider = TypeInfo & {
  readonly timeoutMinutes: number;
  readonly start: (job: Job) => Promise<Outcome>;
  readonly observe?: (job: Job, memo: never) => Promise<Outcome>;
};

export type ActionProvider = Provider & {
  readonly categories: readonly Action["actionTypeId"]["category"][];
  readonly provider: string;
};

export type RuleProvider = Provider & { readonly provider: string };

/** Returns the configuration keys, required and optional, as the type information states them. */
export const properties = (
  required: readonly string[],
  optional: readonly string[] = [],
): NonNullable<TypeInfo["properties"]> => ({
  ...Object.fromEntries(required.map((name) => [name, { required: true }])),
  ...Object.fromEntries(optional.map((name) => [name, { required: false }])),
});

export const HOUR = 60;
export const DAY = 24 * HOUR;

export const failed = (code: string, message: string, details?: RunDetails): Outcome => ({
  status: "Failed",
  error: { code, message },
  ...(details && { details }),
});

/**
 * Declares the state of Lambda: functions and their versions, aliases, layers, mappings, settings, and queued
 * events.
 */
import type { Blob } from "#cloud/kernel/blobs.ts";
import type { RoleSession } from "#cloud/kernel/principal.ts";
import type { OpenTable, Table } from "#cloud/kernel/store.ts";
import type { Fault } from "#cloud/lambda-runtime/protocol.ts";
import type { Sandbox } from "#cloud/lambda-runtime/sandbox.ts";

export type Statement = { readonly Sid: string } & Readonly<Record<string, unknown>>;

/** The properties that all versions of a function share. */
export type FunctionRow = {
  readonly name: string;
  readonly arn: string;
  readonly lastVersion: number;
  readonly tags: Readonly<Record<string, string>>;
  readonly reserved?: number;
  /** Resource policies by qualifier; "" is the unqualified function. */
  readonly policies: Readonly<Record<string, readonly Statement[]>>;
};

export type Code = { readonly blob: Blob; readonly sha256: string; readonly size: number };

/** A version of a function. `$LATEST` changes; numbered versions do not. */
export type Version = {
  readonly name: string;
  readonly version: string;
  readonly account: string;
  readonly region: string;
  readonly code: Code;
  readonly runtime: string;
  readonly handler: string;
  readonly role: string;
  readonly description: string;
  readonly timeout: number;
  readonly memorySize: number;
  readonly environment: Readonly<Record<string, string>> | undefined;
  readonly layers: readonly string[];
  readonly architectures: readonly string[];
  readonly ephemeralStorage: number;
  readonly deadLetterArn?: string;
  readonly tracing: string;
  readonly kmsKeyArn?: string;
  readonly logFormat: string;
  readonly logGroup?: string;
  readonly modifiedAt: number;
  readonly revisionId: string;
  /** The times at which a new function becomes Active and an update becomes Successful. */
  readonly activeAt: number;
  readonly updatedAt: number;
};

export type Alias = {
  readonly function: string;
  readonly name: string;
  readonly version: string;
  readonly description: string;
  readonly weights: Readonly<Record<string, number>>;
  readonly revisionId: string;
};

export type LayerVersion = {
  readonly layer: string;
  readonly version: number;
  readonly arn: string;
  readonly code: Code;
  readonly description: string;
  readonly runtimes: readonly string[];
  readonly architectures: readonly string[];
  readonly license: string | undefined;
  readonly createdAt: number;
  readonly policy: readonly Statement[];
};

export type Mapping = {
  readonly id: string;
  readonly function: string;
  readonly functionArn: string;
  readonly qualifier: string | undefined;
  readonly sourceArn: string;
  readonly batchSize: number;
  readonly windowSeconds: number;
  readonly maximumConcurrency?: number;
  readonly partialFailures: boolean;
  readonly filters: readonly string[];
  readonly enabled: boolean;
  readonly tags: Readonly<Record<string, string>>;
  readonly modifiedAt: number;
  /** The state is Creating, Updating and so on until this time, then Enabled or Disabled. */
  readonly settledAt: number;
  readonly transition: "Creating" | "Enabling" | "Disabling" | "Updating" | "Deleting";
  readonly lastResult?: string;
};

export type InvokeConfig = {
  readonly function: string;
  readonly qualifier: string;
  readonly maximumRetries?: number;
  readonly maximumAgeSeconds?: number;
  readonly onSuccess?: string;
  readonly onFailure?: string;
  readonly modifiedAt: number;
};

export type UrlConfig = {
  readonly function: string;
  readonly qualifier: string | undefined;
  readonly url: string;
  readonly authType: string;
  readonly invokeMode: string;
  readonly cors: Readonly<Record<string, unknown>> | undefined;
  readonly createdAt: number;
  readonly modifiedAt: number;
};

/** An asynchronous invocation that has not ended. */
export type QueuedEvent = {
  readonly id: string;
  readonly function: string;
  readonly qualifier: string | undefined;
  readonly payload: string;
  readonly queuedAt: number;
  readonly dueAt: number;
  readonly attempts: number;
  readonly throttles: number;
};

export type LambdaState = {
  readonly functions: Table<FunctionRow>;
  readonly versions: Table<Version>;
  readonly aliases: Table<Alias>;
  readonly layers: Table<LayerVersion>;
  readonly mappings: Table<Mapping>;
  readonly invokeConfigs: Table<InvokeConfig>;
  readonly urls: Table<UrlConfig>;
  readonly events: Table<QueuedEvent>;
  readonly live: Live;
};

/** The part that is not stored: execution environments, and the pollers of event source mappings by id. */
type Live = { pool: EnvironmentPool | undefined; readonly pollers: Map<string, { stop: boolean }> };

export const lambdaState = (table: OpenTable): LambdaState => ({
  functions: table<FunctionRow>("functions"),
  versions: table<Version>("versions"),
  aliases: table<Alias>("aliases"),
  layers: table<LayerVersion>("layers"),
  mappings: table<Mapping>("mappings"),
  invokeConfigs: table<InvokeConfig>("invoke-configs"),
  urls: table<UrlConfig>("urls"),
  events: table<QueuedEvent>("events"),
  live: { pool: undefined, pollers: new Map() },
});

export type ExecutionEnvironment = {
  readonly sandbox: Sandbox;
  readonly session: RoleSession;
  readonly accessKeyId: string;
  readonly logGroup: string;
  readonly logStream: string;
  /** The duration of the start in milliseconds; undefined after it was reported. */
  initMs: number | undefined;
};

export type EnvironmentPool = {
  /** Returns an execution environment for one invocation, or the error of its start. */
  readonly take: (
    version: Version,
    layers: readonly Code[],
  ) => Promise<ExecutionEnvironment | { readonly fault: Fault; readonly log: string }>;
  readonly release: (environment: ExecutionEnvironment) => void;
  /** The number of running invocations by function name. */
  readonly running: Map<string, number>;
  /** Ends every execution environment; the cloud stops. */
  readonly stop: () => void;
};

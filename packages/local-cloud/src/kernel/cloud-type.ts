/** The cloud as its services see it: one way to call each other, one way to tell of events, one clock, one log. */

import type { Blobs } from "./blobs.ts";
import type { Clock } from "./clock.ts";
import type { Faults } from "./faults.ts";
import type { Principal, RoleSession } from "./principal.ts";
import type { Semaphore } from "./semaphore.ts";

export type Invocation = {
  readonly service: string;
  readonly operation: string;
  readonly input: unknown;
  readonly principal: Principal;
  /** Where the call is addressed; default: the principal's own account. */
  readonly account?: string;
  readonly region: string;
};

export type Credentials = {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken: string;
  readonly expiration: Date;
};

/** An event an AWS service publishes on the default bus of an account and region. */
type ServiceEvent = {
  readonly source: string;
  readonly detailType: string;
  readonly detail: unknown;
  readonly resources: readonly string[];
  readonly account: string;
  readonly region: string;
};

export type EventHandler = (event: ServiceEvent & { readonly id: string; readonly time: Date }) => void;

/** One finished call, for whoever counts or watches. */
export type CallRecord = {
  readonly service: string;
  readonly operation: string;
  /** As the service got it; may hold a body. */
  readonly input: unknown;
  readonly principal: Principal;
  readonly account: string;
  readonly region: string;
  readonly time: Date;
  /** AWS's error code when the call failed. */
  readonly error?: string;
};

export type Cloud = {
  readonly clock: Clock;
  readonly faults: Faults;
  readonly blobs: Blobs;
  /** `http://127.0.0.1:PORT`, for what runs inside: Lambda functions, builds. */
  readonly endpoint: () => string;
  /** Directory for unpacked code and builds; removed when the cloud stops. */
  readonly scratch: string;
  /** One service calls another (or itself) as `principal`: authorized, counted and faulted like any call. */
  readonly invoke: <Result = unknown>(invocation: Invocation) => Promise<Result>;
  /** A service assumes a role for its own use, e.g. CodePipeline the pipeline's role; the trust policy decides. */
  readonly assumeRole: (request: {
    readonly roleArn: string;
    readonly sessionName: string;
    readonly principal: Principal;
    readonly region: string;
    readonly durationSeconds?: number;
  }) => Promise<{ readonly session: RoleSession; readonly credentials: Credentials }>;
  /** Publishes a service's own event on the default bus. */
  readonly emit: (event: ServiceEvent) => void;
  /** The events service listens here. */
  readonly onEvent: (handler: EventHandler) => void;
  /** Watches every finished call; returns how to stop. */
  readonly onCall: (watch: (call: CallRecord) => void) => () => void;
  /** Lambda registers how to kill the sandbox that holds these credentials; a `crash` fault calls it. */
  readonly onCrash: (kill: (accessKeyId: string) => void) => void;
  /** Runs work nobody waits for; a failure is logged, and `settled` waits for it. */
  readonly spawn: (label: string, work: () => Promise<void>) => void;
  /** Resolves when no spawned work is under way (timers yet to come do not count). */
  readonly settled: () => Promise<void>;
  /** Work that wants a processor for itself takes turns: no more at once than there are processors. */
  readonly cpuSemaphore: Semaphore;
  /** One line on the log. */
  readonly log: (line: string) => void;
  /** True while the cloud shuts down: loops end. */
  readonly stopping: () => boolean;
  /** Calls `end` when the cloud stops, so that no process outlives it. Returns a function that cancels the call. */
  readonly onStop: (end: () => void) => () => void;
  /** How long things take, in milliseconds of the clock; small, so that a laptop shows movement without waiting. */
  readonly pace: Pace;
};

export type Pace = {
  /** One CloudFormation resource operation. */
  readonly resource: number;
  /** Between two looks of CodePipeline at an action in progress. */
  readonly poll: number;
};

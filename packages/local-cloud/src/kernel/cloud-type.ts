/**
 * Defines the cloud as its services see it: one way to call each other, one way to publish events, one
 * clock, one log.
 */

import type { AccessRequest } from "./access.ts";
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
  /** The account that the call addresses. Default: the principal's own account. */
  readonly account?: string;
  readonly region: string;
};

export type Credentials = {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken: string;
  readonly expiration: Date;
};

/** An event that an AWS service publishes on the default bus of an account and region. */
type ServiceEvent = {
  readonly source: string;
  readonly detailType: string;
  readonly detail: unknown;
  readonly resources: readonly string[];
  readonly account: string;
  readonly region: string;
};

export type EventHandler = (event: ServiceEvent & { readonly id: string; readonly time: Date }) => void;

/** A finished call, for the watchers of `onCall`. */
export type CallRecord = {
  readonly service: string;
  readonly operation: string;
  /** The input as the service got it. It may hold a body. */
  readonly input: unknown;
  readonly principal: Principal;
  readonly account: string;
  readonly region: string;
  readonly time: Date;
  /** AWS's error code when the call failed. */
  readonly error?: string;
};

/** A function about which the cloud asks whether its code is trusted. */
export type TrustQuestion = {
  readonly account: string;
  readonly name: string;
  /** The ARN of its role. */
  readonly role: string;
};

export type Cloud = {
  readonly clock: Clock;
  readonly faults: Faults;
  readonly blobs: Blobs;
  /** `http://127.0.0.1:PORT`, for Lambda functions and builds. */
  readonly endpoint: () => string;
  /** The address of the cloud's second port, for functions and builds. Administrator keys and `/_cloud` are not there. */
  readonly sandboxEndpoint: () => string;
  /** Opens that port in the network of the sandboxes. Call it before a sandbox starts. */
  readonly openSandboxNetwork: () => Promise<void>;
  /** Returns true for a function that may run in the process of the cloud. The caller of the cloud decides. */
  readonly isTrusted: (lambda: TrustQuestion) => boolean;
  /** Signs the requests that the cloud hands out, e.g. the address at which a custom resource answers. */
  readonly signingSecret: string;
  /** The directory for unpacked code and builds. It is removed when the cloud stops. */
  readonly scratch: string;
  /**
   * Lets a service call another one (or itself) as `principal`. The call is authorized, counted and faulted
   * like any call.
   */
  readonly invoke: <Result = unknown>(invocation: Invocation) => Promise<Result>;
  /**
   * Asks IAM for an action that no operation of this cloud makes, e.g. the handler of a recorded resource type. Throws
   * AccessDenied.
   */
  readonly requireAccess: (
    principal: Principal,
    requests: readonly AccessRequest[],
    location: { readonly account: string; readonly region: string },
  ) => void;
  /**
   * Lets a service assume a role for its own use, e.g. CodePipeline the pipeline's role. The trust policy
   * decides.
   */
  readonly assumeRole: (request: {
    readonly roleArn: string;
    readonly sessionName: string;
    readonly principal: Principal;
    readonly region: string;
    readonly durationSeconds?: number;
  }) => Promise<{ readonly session: RoleSession; readonly credentials: Credentials }>;
  /** Publishes a service's own event on the default bus. */
  readonly emit: (event: ServiceEvent) => void;
  /** The events service registers its handler here. */
  readonly onEvent: (handler: EventHandler) => void;
  /** Calls `watch` for every finished call. Returns a function that ends the watch. */
  readonly onCall: (watch: (call: CallRecord) => void) => () => void;
  /** Lambda registers a function that kills the sandbox with these credentials. A `crash` fault calls it. */
  readonly onCrash: (kill: (accessKeyId: string) => void) => void;
  /** Runs background work. A failure is logged, and `settled` waits for the work. */
  readonly spawn: (label: string, work: () => Promise<void>) => void;
  /** Resolves when no background work is running. Timers that are still to come do not count. */
  readonly settled: () => Promise<void>;
  /** Limits work that needs a processor for itself to the number of processors. */
  readonly cpuSemaphore: Semaphore;
  /**
   * Limits the invocations that events and queues start, because each runs in an environment with a heap of its own. An
   * invocation that a caller waits for does not count: its caller may hold a slot itself.
   */
  readonly eventSlots: Semaphore;
  /** Writes a line to the log. */
  readonly log: (line: string) => void;
  /** True while the cloud shuts down. Loops must then end. */
  readonly stopping: () => boolean;
  /** Calls `end` when the cloud stops, so that no process outlives it. Returns a function that cancels the call. */
  readonly onStop: (end: () => void) => () => void;
  /**
   * How long operations take, in milliseconds of the clock. The values are small, so that a laptop shows
   * movement without waiting.
   */
  readonly pace: Pace;
};

export type Pace = {
  /** The duration of a CloudFormation resource operation. */
  readonly resource: number;
  /** The interval between two observations of an action in progress by CodePipeline. */
  readonly poll: number;
};

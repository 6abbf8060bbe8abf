/**
 * Defines a service of the embedded cloud: its name, its SDK package (whose schemas define the wire
 * format), its state made of tables, and two functions per operation: the access it requests, and its
 * effect.
 */

import type { AccessRequest } from "./access.ts";
import type { AwsError } from "./aws-error.ts";
import type { Clock } from "./clock.ts";
import type { Cloud } from "./cloud-type.ts";
import type { IdentityErrors } from "./identity-errors.ts";
import type { Principal } from "./principal.ts";
import type { OpenTable } from "./store.ts";

/**
 * The context of a call: the caller, the account and region, the state there, the clock, and the other
 * services.
 */
export type Call<State> = {
  readonly principal: Principal;
  /** The account whose resources the call addresses, unless its input names another (an ARN, a queue URL). */
  readonly account: string;
  readonly region: string;
  readonly requestId: string;
  readonly sourceIp: string;
  /** This service's state in the call's account and region. */
  readonly state: State;
  /** This service's state in another account or region, e.g. in the account of an ARN. */
  readonly stateOf: (account: string, region?: string) => State;
  readonly clock: Clock;
  readonly cloud: Cloud;
};

type Output<Command> = Command extends {
  resolveMiddleware(...rest: never[]): (...rest: never[]) => Promise<{ output: infer O }>;
}
  ? Omit<O, "$metadata">
  : never;

export type Operation<Input, Result, State> = {
  /**
   * Returns the access that the caller needs; every request of the list must be allowed. `[]` needs a
   * reason: AWS lets every caller run the operation (GetCallerIdentity), or a token authorizes it.
   */
  readonly access: (input: Input, call: Call<State>) => AccessRequest | readonly AccessRequest[];
  readonly run: (input: Input, call: Call<State>) => Result | Promise<Result>;
};

type Input<Command> = Command extends { readonly input: infer I } ? I : never;

/** Every operation of an SDK package, typed by its own command classes: `SendMessage`, `ReceiveMessage`, … */
export type Operations<Sdk, State> = {
  readonly [K in keyof Sdk as K extends `${infer Name}Command` ? Name : never]?: Sdk[K] extends new (
    ...rest: never[]
  ) => infer Command
    ? Operation<Input<Command>, Output<Command>, State>
    : never;
};

/**
 * The type of one operation, for a file that holds only this operation: `OperationOf<typeof sdk, State,
 * "SendMessage">`.
 */
export type OperationOf<Sdk, State, Name extends keyof Operations<Sdk, State>> = NonNullable<
  Operations<Sdk, State>[Name]
>;

export type Protocol = "json-1.0" | "json-1.1" | "query" | "rest-xml" | "routed-xml" | "rest-json" | "cbor";

type ServiceDefinition<State> = {
  /**
   * The name in a SigV4 scope, and in ARNs and IAM where they agree with it: `sqs`, `events`,
   * `servicecatalog`.
   */
  readonly name: string;
  /** The namespace object of `@aws-sdk/client-…`. */
  readonly sdk: object;
  /** The wire protocols that clients of this service speak, the SDK's first. */
  readonly protocols: readonly [Protocol, ...Protocol[]];
  /** The `X-Amz-Target` prefix of the JSON protocols, e.g. `AmazonSQS`. */
  readonly target?: string;
  /** The XML namespace and the version of the Query protocol. */
  readonly xmlNamespace?: string;
  /** `true`: one state per account for all regions (IAM, S3 names), stored under the region `aws-global`. */
  readonly global?: boolean;
  /** The error code of a denied call. Default: `AccessDeniedException` (JSON) or `AccessDenied` (XML). */
  readonly deniedCode?: string;
  /** The error code of an input that violates the service's model. Default: `ValidationException` (JSON) or `ValidationError` (Query). */
  readonly invalidCode?: string;
  /** The error of a missing member, where the service reports it in words of its own. */
  readonly missingMember?: (name: string) => AwsError;
  /** Returns the document of a path that AWS serves without a signature, such as the certificate of SNS. */
  readonly document?: (path: string, stateOf: ServiceContext<State>["stateOf"]) => string | undefined;
  /** The errors of a signature that names no valid identity, where the service has codes of its own. */
  readonly identityErrors?: IdentityErrors;
  readonly state: (table: OpenTable) => State;
  /**
   * Runs at boot, after the state was read. It subscribes to events, resumes interrupted work and starts
   * timers.
   */
  readonly start?: (context: ServiceContext<State>) => void | Promise<void>;
  /** Runs when the cloud stops, with the state of every account and region: ends the processes that the service started. */
  readonly stop?: (states: readonly State[]) => void;
};

export type ServiceContext<State> = {
  readonly cloud: Cloud;
  readonly clock: Clock;
  readonly stateOf: (account: string, region?: string) => State;
  /** Every account and region in which this service holds state. */
  readonly locations: () => readonly { readonly account: string; readonly region: string }[];
};

export type Service = ServiceDefinition<unknown> & {
  readonly operations: Readonly<Record<string, Operation<never, unknown, never>>>;
};

/** Creates a service. The types check each operation against the SDK's own command. */
export function defineService<State, const Sdk extends object>(
  definition: ServiceDefinition<State> & { readonly sdk: Sdk },
  operations: NoInfer<Operations<Sdk, State>>,
): Service {
  return {
    ...(definition as ServiceDefinition<unknown>),
    operations: operations as unknown as Service["operations"],
  };
}

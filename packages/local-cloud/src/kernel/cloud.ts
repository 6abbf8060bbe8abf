/**
 * The kernel: holds the services and lets a call through in one order (fault, access, effect, fault), whether it
 * comes from the wire or from another service.
 */
import { randomUUID } from "node:crypto";
import { availableParallelism } from "node:os";
import { readSchemas, requireMembers } from "#cloud/wire/schema.ts";
import type { WiredService } from "#cloud/wire/wire.ts";
import type { AccessRequest, Authorizer } from "./access.ts";
import { AwsError } from "./aws-error.ts";
import type { Blobs } from "./blobs.ts";
import type { Clock } from "./clock.ts";
import type { CallRecord, Cloud, Credentials, EventHandler, Invocation, Pace } from "./cloud-type.ts";
import { createFaults, type FaultRule } from "./faults.ts";
import type { Identities } from "./identity.ts";
import { type Principal, principalName, type RoleSession } from "./principal.ts";
import type { Call, Operation, Service } from "./service.ts";
import type { Store } from "./store.ts";
import { createTasks } from "./tasks.ts";
import { createSemaphore } from "./semaphore.ts";
import { unknownService } from "./unknown-service.ts";

type KernelOptions = {
  readonly services: readonly Service[];
  /** How their schemas are read; clouds that come and go may share what was read once. */
  readonly wire?: (service: Service) => WiredService;
  readonly store: Store;
  readonly blobs: Blobs;
  readonly clock: Clock;
  readonly scratch: string;
  readonly endpoint: () => string;
  readonly log: (line: string) => void;
  readonly pace: Pace;
  /** Built once the state can be read. */
  readonly identityProvider: (state: StateReader) => {
    readonly authorize: Authorizer;
    readonly identities: Identities;
  };
};

/** Reads a service's state in an account and region, for parts of the kernel that are not a service. */
type StateReader = <State>(service: string, account: string, region?: string) => State;

export type Kernel = {
  readonly cloud: Cloud;
  readonly identities: Identities;
  readonly wired: ReadonlyMap<string, WiredService>;
  /** As `cloud.invoke`, for the gateway, which knows the request's id, key and sender. */
  readonly call: (
    invocation: Invocation,
    request: { readonly requestId: string; readonly sourceIp: string; readonly accessKeyId?: string },
  ) => Promise<unknown>;
  readonly start: () => Promise<void>;
  readonly stop: () => Promise<void>;
};

/** A call whose caller is killed instead of answered. */
export class CallerCrash extends Error {
  override name = "CallerCrash";
}

const GLOBAL_REGION = "aws-global";

export const wireService = (service: Service): WiredService => ({
  service,
  schema: readSchemas(service.sdk),
});

export function createKernel(options: KernelOptions): Kernel {
  const { clock, store, log } = options;
  const { wire = wireService } = options;
  const wired = new Map(options.services.map((service) => [service.name, wire(service)]));
  const states = new Map<string, unknown>();
  const eventHandlers: EventHandler[] = [];
  const killers: ((accessKeyId: string) => void)[] = [];
  const watchers = new Set<(call: CallRecord) => void>();
  const faults = createFaults();
  const tasks = createTasks(log);

  const stateOf = (service: Service, account: string, region = ""): unknown => {
    const folder = `${service.name}/${account}/${service.global ? GLOBAL_REGION : region}`;
    let state = states.get(folder);
    if (state === undefined) {
      state = service.state((name) => store.table(`${folder}/${name}`));
      states.set(folder, state);
    }
    return state;
  };
  const serviceNamed = (name: string): WiredService => {
    const found = wired.get(name);
    if (found !== undefined) return found;
    throw unknownService(name, log);
  };
  const readState: StateReader = <State>(name: string, account: string, region?: string) =>
    stateOf(serviceNamed(name).service, account, region) as State;
  const identityProvider = options.identityProvider(readState);

  const injectFault = (rule: FaultRule | undefined, accessKeyId: string | undefined): void => {
    if (rule === undefined) return;
    if (rule.crash && accessKeyId !== undefined) {
      for (const kill of killers) kill(accessKeyId);
      throw new CallerCrash(`The caller of the call crashed: ${rule.error.message}`);
    }
    throw rule.error;
  };

  const call: Kernel["call"] = async (invocation, request) => {
    const { service, schema } = serviceNamed(invocation.service);
    const { principal, region } = invocation;
    const account = invocation.account ?? accountOf(principal);
    const subject = {
      account,
      service: service.name,
      operation: invocation.operation,
      principal: principalName(principal),
    };
    const record = { ...invocation, service: service.name, account, time: clock.now() };
    try {
      const operation = service.operations[invocation.operation] as
        | Operation<unknown, unknown, unknown>
        | undefined;
      const known = schema.operations.get(invocation.operation);
      if (operation === undefined)
        throw notImplemented(service, invocation.operation, known !== undefined, log);
      if (known !== undefined) requireMembers(known.input, invocation.input);
      injectFault(faults.take(subject, "before"), request.accessKeyId);
      const context: Call<unknown> = {
        principal,
        account,
        region,
        requestId: request.requestId,
        sourceIp: request.sourceIp,
        state: stateOf(service, account, region),
        stateOf: (otherAccount, otherRegion) => stateOf(service, otherAccount, otherRegion ?? region),
        clock,
        cloud,
      };
      const requests = [operation.access(invocation.input, context)].flat() as readonly AccessRequest[];
      for (const asked of requests) {
        const decision = identityProvider.authorize(principal, asked, {
          account,
          region,
          now: clock.now(),
          sourceIp: request.sourceIp,
          secure: true,
        });
        if (!decision.allowed) throw denied(service, decision.message);
      }
      const output = await operation.run(invocation.input, context);
      injectFault(faults.take(subject, "after"), request.accessKeyId);
      for (const watch of watchers) watch(record);
      return output;
    } catch (error) {
      const code = error instanceof AwsError ? error.code : "InternalFailure";
      for (const watch of watchers) watch({ ...record, error: code });
      throw error;
    }
  };

  const cloud: Cloud = {
    clock,
    faults,
    blobs: options.blobs,
    endpoint: options.endpoint,
    scratch: options.scratch,
    invoke: async <Result>(invocation: Invocation) =>
      (await call(invocation, {
        requestId: randomUUID(),
        sourceIp: sourceOf(invocation.principal),
      })) as Result,
    assumeRole: async ({ roleArn, sessionName, principal, region, durationSeconds }) => {
      const output = (await call(
        {
          service: "sts",
          operation: "AssumeRole",
          input: {
            RoleArn: roleArn,
            RoleSessionName: sessionName,
            ...(durationSeconds && { DurationSeconds: durationSeconds }),
          },
          principal,
          account: principal.kind === "service" ? (roleArn.split(":")[4] ?? "") : accountOf(principal),
          region,
        },
        { requestId: randomUUID(), sourceIp: sourceOf(principal) },
      )) as {
        Credentials?: {
          AccessKeyId?: string;
          SecretAccessKey?: string;
          SessionToken?: string;
          Expiration?: Date;
        };
      };
      const issued = output.Credentials;
      const credentials: Credentials = {
        accessKeyId: issued?.AccessKeyId ?? "",
        secretAccessKey: issued?.SecretAccessKey ?? "",
        sessionToken: issued?.SessionToken ?? "",
        expiration: issued?.Expiration ?? clock.now(),
      };
      const session = identityProvider.identities.find(credentials.accessKeyId)?.principal;
      if (session?.kind !== "role")
        throw new AwsError(
          "InternalFailure",
          `The session of ${roleArn} could not be found after it was issued.`,
          500,
        );
      return { session: session satisfies RoleSession, credentials };
    },
    emit: (event) => {
      const full = { ...event, id: randomUUID(), time: clock.now() };
      for (const handler of eventHandlers) handler(full);
    },
    onEvent: (handler) => void eventHandlers.push(handler),
    onCrash: (kill) => void killers.push(kill),
    onCall: (watch) => {
      watchers.add(watch);
      return () => void watchers.delete(watch);
    },
    spawn: tasks.spawn,
    cpuSemaphore: createSemaphore(availableParallelism()),
    settled: tasks.settled,
    log,
    stopping: tasks.stopping,
    pace: options.pace,
  };

  return {
    cloud,
    identities: identityProvider.identities,
    wired,
    call,
    start: async () => {
      for (const { service } of wired.values()) {
        await service.start?.({
          cloud,
          clock,
          stateOf: (account, region) => stateOf(service, account, region),
          locations: () => locationsOf(store, service.name),
        });
      }
    },
    stop: async () => {
      tasks.stop();
      clock.stop();
      await store.close();
    },
  };
}

const accountOf = (principal: Principal): string => ("account" in principal ? principal.account : "");

/** Calls a service makes on its own have its name where callers have an address. */
const sourceOf = (principal: Principal): string =>
  principal.kind === "service" ? principal.service : "127.0.0.1";

const denied = (service: Service, message: string): AwsError => {
  const code =
    service.deniedCode ??
    (["query", "rest-xml", "routed-xml"].includes(service.protocols[0])
      ? "AccessDenied"
      : "AccessDeniedException");
  return new AwsError(code, message, service.protocols[0].startsWith("json") ? 400 : 403);
};

function notImplemented(
  service: Service,
  operation: string,
  known: boolean,
  log: (line: string) => void,
): AwsError {
  const file = `packages/local-cloud/src/services/${service.name}/${operation.replace(/(?<!^)([A-Z])/g, "-$1").toLowerCase()}.ts`;
  if (known) log(`${service.name}:${operation} is not implemented: ${file} would hold it`);
  const query = service.protocols[0] === "query";
  return service.protocols[0] === "rest-xml"
    ? new AwsError(
        "NotImplemented",
        "A header you provided implies functionality that is not implemented",
        501,
      )
    : new AwsError(
        query ? "InvalidAction" : "UnknownOperationException",
        `The operation ${operation} is not implemented in the embedded cloud (${file}).`,
      );
}

function locationsOf(
  store: Store,
  service: string,
): readonly { readonly account: string; readonly region: string }[] {
  const locations = new Map<string, { account: string; region: string }>();
  for (const path of store.paths()) {
    const [name, account = "", region = ""] = path.split("/");
    if (name === service) locations.set(`${account}/${region}`, { account, region });
  }
  return [...locations.values()];
}

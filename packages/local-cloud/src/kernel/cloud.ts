/**
 * The kernel: holds the services and runs each call in one order (fault, access, effect, fault), whether
 * the call comes from the wire or from another service.
 */
import { randomUUID } from "node:crypto";
import { availableParallelism } from "node:os";
import { readSchemas } from "#cloud/wire/schema.ts";
import type { WiredService } from "#cloud/wire/wire.ts";
import type { Authorizer } from "./access.ts";
import { assumeRoleBy } from "./assume-role.ts";
import { AwsError } from "./aws-error.ts";
import type { Blobs } from "./blobs.ts";
import { sourceOf } from "./caller.ts";
import type { Clock } from "./clock.ts";
import type { Cloud, Invocation, Pace } from "./cloud-type.ts";
import { createFaults } from "./faults.ts";
import type { Identities } from "./identity.ts";
import { createListeners } from "./listeners.ts";
import { createCall, type RunCall } from "./run-call.ts";
import { createSemaphore } from "./semaphore.ts";
import type { Service } from "./service.ts";
import { createServiceStates } from "./service-states.ts";
import type { Store } from "./store.ts";
import { createTasks } from "./tasks.ts";
import { unknownService } from "./unknown-service.ts";

type KernelOptions = {
  readonly services: readonly Service[];
  /** Reads a service's schemas. Clouds that come and go may share the schemas. */
  readonly wire?: (service: Service) => WiredService;
  readonly store: Store;
  readonly blobs: Blobs;
  readonly clock: Clock;
  readonly scratch: string;
  readonly sandboxEndpoint: () => string;
  readonly openSandboxNetwork: () => Promise<void>;
  /** Absent: no function is trusted. */
  readonly isTrusted?: Cloud["isTrusted"];
  readonly signingSecret: string;
  readonly endpoint: () => string;
  readonly log: (line: string) => void;
  readonly pace: Pace;
  /** The kernel builds it as soon as the state can be read. */
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
  readonly call: RunCall;
  /** Returns the document that a service serves at a path without a signature. */
  readonly document: (path: string) => string | undefined;
  readonly start: () => Promise<void>;
  readonly stop: () => Promise<void>;
};

export const wireService = (service: Service): WiredService => ({
  service,
  schema: readSchemas(service.sdk),
});

export function createKernel(options: KernelOptions): Kernel {
  const {
    blobs,
    clock,
    endpoint,
    log,
    openSandboxNetwork,
    pace,
    sandboxEndpoint,
    scratch,
    signingSecret,
    store,
  } = options;
  const { wire = wireService, isTrusted = () => false } = options;
  const wired = new Map(options.services.map((service) => [service.name, wire(service)]));
  const states = createServiceStates(store);
  const listeners = createListeners();
  const { onEvent, onCall, onCrash, onStop, reportCall, killCaller } = listeners;
  const faults = createFaults();
  const tasks = createTasks(log);

  const serviceNamed = (name: string): WiredService => {
    const found = wired.get(name);
    if (found !== undefined) return found;
    throw unknownService(name, log);
  };
  const readState: StateReader = <State>(name: string, account: string, region?: string) =>
    states.of(serviceNamed(name).service, account, region) as State;
  const { authorize, identities } = options.identityProvider(readState);

  const call = createCall({
    ...{ clock, log, faults, reportCall, killCaller, serviceNamed, authorize },
    stateOf: states.of,
    cloud: () => cloud,
  });

  const cloud: Cloud = {
    ...{
      clock,
      faults,
      blobs,
      endpoint,
      sandboxEndpoint,
      openSandboxNetwork,
      isTrusted,
      signingSecret,
      scratch,
      log,
      pace,
    },
    ...{ onEvent, onCall, onCrash, onStop },
    invoke: async <Result>(invocation: Invocation) =>
      (await call(invocation, {
        requestId: randomUUID(),
        sourceIp: sourceOf(invocation.principal),
      })) as Result,
    requireAccess: (principal, requests, { account, region }) => {
      const sourceIp = sourceOf(principal);
      for (const request of requests) {
        const decision = authorize(principal, request, {
          account,
          region,
          now: clock.now(),
          sourceIp,
          secure: true,
        });
        if (!decision.allowed) throw new AwsError("AccessDenied", decision.message, 403);
      }
    },
    assumeRole: assumeRoleBy(call, identities, clock),
    emit: (event) => listeners.publishEvent({ ...event, id: randomUUID(), time: clock.now() }),
    spawn: tasks.spawn,
    settled: tasks.settled,
    stopping: tasks.stopping,
    cpuSemaphore: createSemaphore(availableParallelism()),
    eventSlots: createSemaphore(4 * availableParallelism()),
  };

  return {
    ...{ cloud, identities, wired, call },
    document: (path) => {
      for (const { service } of wired.values()) {
        const found = service.document?.(path, (account, region) => states.of(service, account, region));
        if (found !== undefined) return found;
      }
      return undefined;
    },
    start: async () => {
      for (const { service } of wired.values()) {
        const stateOf = (account: string, region?: string) => states.of(service, account, region);
        await service.start?.({ cloud, clock, stateOf, locations: () => states.locations(service) });
      }
    },
    stop: async () => {
      tasks.stop();
      for (const { service } of wired.values()) service.stop?.(states.opened(service));
      listeners.stop();
      clock.stop();
      await store.close();
    },
  };
}

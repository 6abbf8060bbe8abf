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
import type { Blobs } from "./blobs.ts";
import { sourceOf } from "./caller.ts";
import type { Clock } from "./clock.ts";
import type { CallRecord, Cloud, EventHandler, Invocation, Pace } from "./cloud-type.ts";
import { createFaults } from "./faults.ts";
import type { Identities } from "./identity.ts";
import { createCall, type RunCall } from "./run-call.ts";
import { createSemaphore } from "./semaphore.ts";
import type { Service } from "./service.ts";
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
  readonly start: () => Promise<void>;
  readonly stop: () => Promise<void>;
};

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
  const stopListeners = new Set<() => void>();
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
  const statesOf = ({ name }: Service): readonly unknown[] =>
    [...states].filter(([folder]) => folder.startsWith(`${name}/`)).map(([, state]) => state);
  const serviceNamed = (name: string): WiredService => {
    const found = wired.get(name);
    if (found !== undefined) return found;
    throw unknownService(name, log);
  };
  const readState: StateReader = <State>(name: string, account: string, region?: string) =>
    stateOf(serviceNamed(name).service, account, region) as State;
  const identityProvider = options.identityProvider(readState);

  const call = createCall({
    clock,
    log,
    faults,
    watchers,
    killers,
    serviceNamed,
    stateOf,
    authorize: identityProvider.authorize,
    cloud: () => cloud,
  });

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
    assumeRole: assumeRoleBy(call, identityProvider.identities, clock),
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
    onStop: (end) => {
      stopListeners.add(end);
      return () => void stopListeners.delete(end);
    },
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
      for (const { service } of wired.values()) service.stop?.(statesOf(service));
      for (const end of [...stopListeners]) end();
      clock.stop();
      await store.close();
    },
  };
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

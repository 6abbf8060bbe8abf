/**
 * The state of one simulation: the embedded cloud on a frozen clock, whose Lambda service runs no function by
 * itself. The caller decides the next move. Between two moves the cloud is idle.
 */

import { type Parse, rememberingParser } from "@kedge/local-cloud/iam/authorizer";
import { createIdentityProvider } from "@kedge/local-cloud/iam/identity-provider";
import { createClock } from "@kedge/local-cloud/kernel/clock";
import { createKernel, type Kernel, wireService } from "@kedge/local-cloud/kernel/cloud";
import type { CallRecord, Credentials } from "@kedge/local-cloud/kernel/cloud-type";
import { accountRoot, servicePrincipal } from "@kedge/local-cloud/kernel/principal";
import type { Service } from "@kedge/local-cloud/kernel/service";
import { services } from "@kedge/local-cloud/services/index";
import type { QueuedEvent } from "@kedge/local-cloud/services/lambda/state";
import type { WiredService } from "@kedge/local-cloud/wire/wire";
import { ConfiguredRetryStrategy } from "@smithy/core/retry";
import type { Channel } from "#aws/config.ts";
import { planDigest } from "#release/plan/plan-limits.ts";
import type { Base, DeployedFunction } from "./base.ts";
import { createFunction, type Handler, type Renderer, type Sabotage } from "./functions.ts";
import { createMemory, type LiveMemory, type Memory } from "./memory.ts";
import { createTransport, createWires, type Watch, type Wires } from "./transport.ts";

/**
 * Runs begin a day after the boot, so that clients, which compare with the real clock, never take a session
 * for expired.
 */
const later = 24 * 3600_000;

/** The objects that runs share. They keep no state of a run. */
export type Workshop = {
  readonly base: Base;
  readonly wires: Wires;
  readonly wired: ReadonlyMap<string, WiredService>;
  readonly parsePolicy: Parse;
  readonly render: Renderer;
};

export function openWorkshop(base: Base): Workshop {
  const rendered = new Map<string, Promise<string>>();
  return {
    base,
    wires: createWires(),
    wired: new Map(simulated.map((service) => [service.name, wireService(service)])),
    parsePolicy: rememberingParser(),
    render: (plan, location) => {
      const key = `${location.account} ${planDigest(plan)}`;
      const known =
        rendered.get(key) ??
        import("#synth/render-pipeline.ts").then(({ renderPipeline }) => renderPipeline(plan, location));
      rendered.set(key, known);
      return known;
    },
  };
}

export type Snapshot = {
  readonly memory: Memory;
  readonly now: Date;
  readonly sessions: ReadonlyMap<string, Credentials>;
};

export type SimulatedCloud = {
  readonly base: Base;
  readonly kernel: Kernel;
  readonly memory: LiveMemory;
  readonly now: () => Date;
  /** Calls the cloud as the administrator of an account. */
  readonly ask: <Result>(
    account: string,
    service: string,
    operation: string,
    input: object,
  ) => Promise<Result>;
  /** A fresh sandbox of the function, which dies with its watch. */
  readonly sandbox: (deployed: DeployedFunction, watch: Watch) => Promise<Handler>;
  /** Rows of a table as they are, for example `lambda`, `111111111111`, `events`. */
  readonly rows: <Row>(service: string, account: string, table: string) => readonly Row[];
  /** Runs the cloud's next timer when it falls due within `ms`, and returns whether one did. */
  readonly tick: (ms: number) => Promise<boolean>;
  /** Returns whether a timer falls due within `ms`. */
  readonly due: (ms: number) => boolean;
  /** Moves the clock, and runs all timers that fall due meanwhile. */
  readonly pass: (ms: number) => Promise<void>;
  readonly snapshot: () => Snapshot;
  /** The lines of the cloud's log. It is empty as a rule. */
  readonly logged: readonly string[];
  readonly stop: () => Promise<void>;
};

type SimulatedCloudOptions = {
  readonly workshop: Workshop;
  readonly from?: Snapshot;
  readonly sabotage?: Sabotage | undefined;
  readonly onCall?: (call: CallRecord) => void;
};

export async function openSimulatedCloud({
  workshop,
  from,
  sabotage,
  onCall,
}: SimulatedCloudOptions): Promise<SimulatedCloud> {
  const { base, wires, wired, parsePolicy, render } = workshop;
  const clock = createClock({ frozen: true, start: from?.now ?? new Date(base.bootedAt.getTime() + later) });
  const memory = createMemory(base.memory, from?.memory);
  const logged: string[] = [];
  const kernel = createKernel({
    services: simulated,
    store: memory.store,
    blobs: memory.blobs,
    clock,
    scratch: "/nonexistent",
    endpoint: () => "http://127.0.0.1",
    log: (line) => void logged.push(line),
    pace: { resource: 15, poll: 40 },
    wire: (service) => wired.get(service.name) ?? wireService(service),
    identityProvider: (read) => createIdentityProvider(read, parsePolicy),
  });
  if (onCall !== undefined) kernel.cloud.onCall(onCall);
  await kernel.start();
  await settle(memory);
  const { region } = base.estate;
  const sessions = new Map(from?.sessions);
  const sessionOf = async ({ name, account, role }: DeployedFunction): Promise<Credentials> => {
    const held = sessions.get(`${account}/${name}`);
    if (held !== undefined) return held;
    const { credentials } = await kernel.cloud.assumeRole({
      roleArn: role,
      sessionName: name,
      principal: servicePrincipal("lambda.amazonaws.com", { sourceAccount: account }),
      region,
    });
    sessions.set(`${account}/${name}`, credentials);
    return credentials;
  };
  const untilNext = (): number =>
    (clock.next()?.getTime() ?? Number.POSITIVE_INFINITY) - clock.now().getTime();
  const push = async (ms: number): Promise<void> => {
    await clock.push(ms);
    await settle(memory);
  };
  return {
    base,
    kernel,
    memory,
    now: clock.now,
    ask: async (account, service, operation, input) => {
      const principal = accountRoot(account);
      return kernel.cloud.invoke({ service, operation, input, principal, account, region });
    },
    sandbox: async (deployed, watch) => {
      const { accessKeyId, secretAccessKey, sessionToken } = await sessionOf(deployed);
      const channel: Channel = {
        requestHandler: createTransport(kernel, wires, watch),
        retryStrategy: new ConfiguredRetryStrategy(5, () => 0),
      };
      return createFunction({
        deployed,
        config: {
          region,
          endpoint: "http://127.0.0.1",
          credentials: { accessKeyId, secretAccessKey, sessionToken },
          ...channel,
        },
        now: () => clock.now().toISOString(),
        render,
        sabotage,
      });
    },
    rows: <Row>(service: string, account: string, table: string) => [
      ...memory.store.table<Row>(`${service}/${account}/${region}/${table}`).values(),
    ],
    tick: async (ms) => {
      if (untilNext() > ms) return false;
      await push(Math.max(untilNext(), 0));
      return true;
    },
    due: (ms) => untilNext() <= ms,
    pass: push,
    snapshot: () => ({ memory: memory.snapshot(), now: clock.now(), sessions: new Map(sessions) }),
    logged,
    stop: kernel.stop,
  };
}

/**
 * Waits until the cloud is idle. The cloud waits for nothing outside of the process, so a turn of the event
 * loop without a change means that all work has ended.
 */
export async function settle({ changes }: Pick<LiveMemory, "changes">): Promise<void> {
  for (let before = -1; before !== changes(); ) {
    before = changes();
    await new Promise((resolve) => setImmediate(resolve));
  }
}

/**
 * Lambda takes asynchronous events after the usual permission check. The simulation runs them. A synchronous
 * call gets an empty object, because only functions of target accounts get such calls.
 */
const simulated: readonly Service[] = services.map((service) => {
  const invoke = service.operations["Invoke"];
  if (service.name !== "lambda" || invoke === undefined) return service;
  const { start: _, ...rest } = service;
  const run = (input: unknown, call: unknown): unknown => {
    const {
      FunctionName = "",
      InvocationType,
      Payload,
    } = input as {
      FunctionName?: string;
      InvocationType?: string;
      Payload?: Uint8Array;
    };
    if (InvocationType !== "Event") return { StatusCode: 200, Payload: Buffer.from("{}") };
    const { state, requestId, clock } = call as {
      state: { events: { set: (id: string, row: QueuedEvent) => void } };
      requestId: string;
      clock: { now: () => Date };
    };
    const now = clock.now().getTime();
    state.events.set(requestId, {
      id: requestId,
      function: FunctionName.split(":").at(-1) ?? "",
      qualifier: undefined,
      payload: Buffer.from(Payload ?? []).toString(),
      queuedAt: now,
      dueAt: now,
      attempts: 0,
      throttles: 0,
    });
    return { StatusCode: 202, Payload: Buffer.alloc(0) };
  };
  return {
    ...rest,
    operations: { ...service.operations, Invoke: { access: invoke.access, run } },
  } as Service;
});

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
import type { WiredService } from "@kedge/local-cloud/wire/wire";
import { ConfiguredRetryStrategy } from "@smithy/core/retry";
import type { Channel } from "#aws/config.ts";
import { planDigest } from "#release/plan/plan-limits.ts";
import type { Base, DeployedFunction } from "./base.ts";
import { directClient } from "./direct-protocol.ts";
import {
  createFunction,
  type Handler,
  type OtherExecute,
  type Renderer,
  type Sabotage,
} from "./functions.ts";
import { createMemory, type LiveMemory, type Memory } from "./memory.ts";
import { withOwnBytes } from "./own-bytes.ts";
import { simulatedServices } from "./simulated-services.ts";
import { createTransport, createWires, serviceWith, type Watch, type Wires } from "./transport.ts";

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

export function openWorkshop(booted: Base): Workshop {
  const base = { ...booted, memory: { ...booted.memory, rows: withOwnBytes(booted.memory.rows) } };
  const rendered = new Map<string, Promise<string>>();
  return {
    base,
    wires: createWires(),
    wired: new Map(simulatedServices.map((service) => [service.name, wireService(service)])),
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
  readonly execute?: OtherExecute | undefined;
  readonly onCall?: (call: CallRecord) => void;
  /** The form of the functions' calls: objects (the default), or requests and responses of the wire. */
  readonly calls?: "direct" | "wire" | undefined;
};

export async function openSimulatedCloud({
  workshop,
  from,
  sabotage,
  execute,
  onCall,
  calls = "direct",
}: SimulatedCloudOptions): Promise<SimulatedCloud> {
  const { base, wires, wired, parsePolicy, render } = workshop;
  const clock = createClock({ frozen: true, start: from?.now ?? new Date(base.bootedAt.getTime() + later) });
  const memory = createMemory(base.memory, from?.memory);
  const logged: string[] = [];
  const kernel = createKernel({
    services: simulatedServices,
    store: memory.store,
    blobs: memory.blobs,
    clock,
    scratch: "/nonexistent",
    endpoint: () => "http://127.0.0.1",
    sandboxEndpoint: () => "http://127.0.0.1",
    openSandboxNetwork: async () => undefined,
    signingSecret: "simulated",
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
  const direct =
    calls === "direct"
      ? directClient((namespace) => serviceWith(kernel, namespace).service.protocols[0])
      : {};
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
      const { accessKeyId, secretAccessKey, sessionToken } = await sessionOf(
        kernel,
        sessions,
        deployed,
        region,
      );
      const channel: Channel = {
        ...direct,
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
        execute,
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

/** A function keeps its session, as on AWS, so that a run makes no call for another one. */
async function sessionOf(
  kernel: Kernel,
  sessions: Map<string, Credentials>,
  { name, account, role }: DeployedFunction,
  region: string,
): Promise<Credentials> {
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

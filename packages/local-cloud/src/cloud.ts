/** Starts an embedded AWS: every service, one loopback port, state in memory or in a directory. */
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { createAdmin } from "./admin.ts";
import { mainDoor, sandboxDoor } from "./administrators.ts";
import { closeInstance, type InstanceOptions, openInstance } from "./cloud-instance.ts";
import { createGateway } from "./gateway.ts";
import type { Clock } from "./kernel/clock.ts";
import type { Cloud } from "./kernel/cloud-type.ts";
import { checkOwnFiles, clearDirectory } from "./kernel/data-directory.ts";
import type { Service } from "./kernel/service.ts";
import { createSandboxNetwork } from "./sandbox/network.ts";
import { sandboxNotice } from "./sandbox/notice.ts";
import { services as allServices } from "./services/index.ts";

export type CloudOptions = InstanceOptions & {
  /** 0: any free port. */
  readonly port?: number;
  readonly services?: readonly Service[];
  /** The account whose administrator an unknown access key gets. Absent: the key is rejected. */
  readonly fallbackAccount?: string;
  readonly defaultRegion?: string;
  /** Further names that clients reach the cloud by, beside those of the loopback address. */
  readonly hosts?: readonly string[];
  /** The secret that signs requests of administrators. Absent: any secret will do. */
  readonly adminSecret?: string;
  readonly log?: (line: string) => void;
};

export type RunningCloud = AsyncDisposable & {
  readonly endpoint: string;
  /** The address for functions and builds. */
  readonly sandboxEndpoint: string;
  readonly region: string;
  /** The current cloud. A reset replaces it. */
  readonly cloud: () => Cloud;
  readonly clock: Clock;
  /** Sets the members of `/_cloud/health` next to the endpoint. `status` starts as `ready`. */
  readonly setHealth: (facts: Readonly<Record<string, unknown>>) => void;
  /** The sentence about the files and the network that functions and builds have on this machine. */
  readonly sandboxNotice: () => Promise<string>;
  readonly reset: () => Promise<void>;
  readonly stop: () => Promise<void>;
};

export async function startCloud(options: CloudOptions = {}): Promise<RunningCloud> {
  const { dataDir, defaultRegion: region = "us-east-1", services = allServices } = options;
  const log = options.log ?? (() => undefined);
  let health: Readonly<Record<string, unknown>> = { status: "ready" };
  let endpoint = "";
  let sandboxEndpoint = "";

  const open = () =>
    openInstance({
      ...{ ...options, services, log },
      endpoint: () => endpoint,
      sandboxEndpoint: () => sandboxEndpoint,
      openSandboxNetwork: () => network.open(),
    });
  let instance = await open();
  const reset = async (): Promise<void> => {
    if (dataDir !== undefined) checkOwnFiles(dataDir);
    await closeInstance(instance);
    if (dataDir !== undefined) clearDirectory(dataDir);
    instance = await open();
    await instance.kernel.start();
  };
  const kernel = () => instance.kernel;
  const admin = createAdmin({
    kernel,
    health: () => ({ ...health, endpoint, region }),
    reset,
    calls: () => instance.calls,
  });
  const server = createServer(
    { keepAliveTimeout: 30_000, requestTimeout: 0 },
    createGateway({
      ...{ kernel, admin, defaultRegion: region, hosts: options.hosts ?? [] },
      administrators: () => mainDoor(options.adminSecret, instance.kernel.cloud.signingSecret),
      ...(options.fallbackAccount && { fallbackAccount: options.fallbackAccount }),
    }),
  );
  const sandboxGateway = createGateway({
    ...{ kernel, defaultRegion: region, hosts: options.hosts ?? [] },
    administrators: () => sandboxDoor(instance.kernel.cloud.signingSecret),
  });
  const sandboxServer = createServer({ keepAliveTimeout: 30_000, requestTimeout: 0 }, sandboxGateway);
  // Addresses of queues and custom resources have the main port. In a sandbox it leads to the sandboxes' gateway.
  const network = createSandboxNetwork(sandboxGateway, () =>
    [endpoint, sandboxEndpoint].map((address) => Number(new URL(address).port)),
  );
  endpoint = await listen(server, options.port ?? 0);
  sandboxEndpoint = await listen(sandboxServer, 0);
  await instance.kernel.start();

  const stop = async (): Promise<void> => {
    for (const door of [server, sandboxServer]) {
      door.close();
      door.closeAllConnections();
    }
    network.close();
    await closeInstance(instance);
  };
  return {
    endpoint,
    sandboxEndpoint,
    region,
    cloud: () => instance.kernel.cloud,
    get clock() {
      return instance.clock;
    },
    setHealth: (facts) => {
      health = facts;
    },
    sandboxNotice,
    reset,
    stop,
    [Symbol.asyncDispose]: stop,
  };
}

async function listen(server: Server, port: number): Promise<string> {
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, "127.0.0.1", resolve);
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

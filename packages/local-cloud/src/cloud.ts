/** Starts an embedded AWS: every service, one loopback port, state in memory or in a directory. */

import { mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createAdmin, type RememberedCall } from "./admin.ts";
import { createGateway } from "./gateway.ts";
import { createIdentityProvider } from "./iam/identity-provider.ts";
import { createBlobs } from "./kernel/blob-files.ts";
import { type Clock, createClock } from "./kernel/clock.ts";
import { createKernel, type Kernel } from "./kernel/cloud.ts";
import type { Cloud, Pace } from "./kernel/cloud-type.ts";
import { openJournalStore } from "./kernel/journal-store.ts";
import { createMemoryStore } from "./kernel/memory-store.ts";
import { removeOrphanBlobs } from "./kernel/orphan-blobs.ts";
import type { Service } from "./kernel/service.ts";
import { services as allServices } from "./services/index.ts";

export type CloudOptions = {
  /** 0: any free port. */
  readonly port?: number;
  /** The directory that keeps all state. The next start finds it again. */
  readonly dataDir?: string;
  /** The clock stands still until it is pushed. */
  readonly frozen?: boolean;
  readonly services?: readonly Service[];
  /** The account whose administrator an unknown access key gets. Absent: the key is rejected. */
  readonly fallbackAccount?: string;
  readonly defaultRegion?: string;
  readonly pace?: Partial<Pace>;
  readonly log?: (line: string) => void;
};

export type RunningCloud = AsyncDisposable & {
  readonly endpoint: string;
  readonly region: string;
  /** The current cloud. A reset replaces it. */
  readonly cloud: () => Cloud;
  readonly clock: Clock;
  /** Sets the members of `/_cloud/health` next to the endpoint. `status` starts as `ready`. */
  readonly setHealth: (facts: Readonly<Record<string, unknown>>) => void;
  readonly reset: () => Promise<void>;
  readonly stop: () => Promise<void>;
};

/** The parts of the cloud that a reset replaces. */
type Instance = { readonly kernel: Kernel; readonly clock: Clock; readonly scratch: string };

const REMEMBERED_CALLS = 10_000;

export async function startCloud(options: CloudOptions = {}): Promise<RunningCloud> {
  const region = options.defaultRegion ?? "us-east-1";
  const log = options.log ?? (() => undefined);
  let calls: RememberedCall[] = [];
  let health: Readonly<Record<string, unknown>> = { status: "ready" };
  let endpoint = "";

  const open = async (): Promise<Instance> => {
    const scratch = await mkdtemp(join(tmpdir(), "local-cloud-"));
    const store = options.dataDir === undefined ? createMemoryStore() : openJournalStore(options.dataDir);
    const blobDirectory = join(options.dataDir ?? scratch, "blobs");
    if (options.dataDir !== undefined) {
      const orphans = removeOrphanBlobs(blobDirectory, store);
      if (orphans > 0) log(`Removed ${orphans} blobs without a reference from ${blobDirectory}`);
    }
    // Time never goes back. Otherwise work that was scheduled in a pushed future would be late by the
    // length of the push.
    const pushed = store.table<number>("cloud/clock");
    const clock = createClock({
      ...(options.frozen !== undefined && { frozen: options.frozen }),
      ahead: pushed.get("ahead") ?? 0,
      onPush: (ahead) => pushed.set("ahead", ahead),
    });
    const kernel = createKernel({
      services: options.services ?? allServices,
      store,
      blobs: createBlobs(
        options.dataDir === undefined ? { scratch: blobDirectory } : { data: blobDirectory },
      ),
      clock,
      scratch,
      endpoint: () => endpoint,
      log,
      pace: { resource: 15, poll: 40, ...options.pace },
      identityProvider: createIdentityProvider,
    });
    calls = [];
    kernel.cloud.onCall(({ input: _, ...call }) => {
      calls.push(call); // an input may hold an upload, which would stay in memory
      if (calls.length > REMEMBERED_CALLS) calls.splice(0, REMEMBERED_CALLS / 2);
    });
    return { kernel, clock, scratch };
  };
  const close = async (old: Instance): Promise<void> => {
    await old.kernel.stop();
    // A build may still write while it is being killed.
    await rm(old.scratch, { recursive: true, force: true, maxRetries: 10 });
  };
  let instance = await open();
  const reset = async (): Promise<void> => {
    await close(instance);
    if (options.dataDir !== undefined) await rm(options.dataDir, { recursive: true, force: true });
    instance = await open();
    await instance.kernel.start();
  };
  const admin = createAdmin({
    kernel: () => instance.kernel,
    health: () => ({ ...health, endpoint, region }),
    reset,
    calls: () => calls,
  });
  const server = createServer(
    { keepAliveTimeout: 30_000, requestTimeout: 0 },
    createGateway({
      kernel: () => instance.kernel,
      admin,
      defaultRegion: region,
      ...(options.fallbackAccount && { fallbackAccount: options.fallbackAccount }),
    }),
  );
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(options.port ?? 0, "127.0.0.1", resolve);
  });
  endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  await instance.kernel.start();

  const stop = async (): Promise<void> => {
    server.close();
    server.closeAllConnections();
    await close(instance);
  };
  return {
    endpoint,
    region,
    cloud: () => instance.kernel.cloud,
    get clock() {
      return instance.clock;
    },
    setHealth: (facts) => {
      health = facts;
    },
    reset,
    stop,
    [Symbol.asyncDispose]: stop,
  };
}

/** Opens and closes the parts of a cloud that a reset replaces: its store, clock, directory and kernel. */
import { randomBytes } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { RememberedCall } from "./admin.ts";
import { createIdentityProvider } from "./iam/identity-provider.ts";
import { createBlobs } from "./kernel/blob-files.ts";
import { type Clock, createClock } from "./kernel/clock.ts";
import { createKernel, type Kernel } from "./kernel/cloud.ts";
import type { Pace, TrustQuestion } from "./kernel/cloud-type.ts";
import { claimDirectory } from "./kernel/data-directory.ts";
import { openJournalStore } from "./kernel/journal-store.ts";
import { createMemoryStore } from "./kernel/memory-store.ts";
import { removeOrphanBlobs } from "./kernel/orphan-blobs.ts";
import type { Service } from "./kernel/service.ts";
import type { Store } from "./kernel/store.ts";

export type InstanceOptions = {
  /** The directory that keeps all state. The next start finds it again. */
  readonly dataDir?: string;
  /** The clock stands still until it is pushed. */
  readonly frozen?: boolean;
  readonly pace?: Partial<Pace>;
  /** The functions that run in the cloud's own process, because their code is the caller's. Absent: none. */
  readonly isTrusted?: (lambda: TrustQuestion) => boolean;
};

type Instance = {
  readonly kernel: Kernel;
  readonly clock: Clock;
  readonly scratch: string;
  /** The newest finished calls. */
  readonly calls: readonly RememberedCall[];
};

const REMEMBERED_CALLS = 10_000;

export async function openInstance(
  options: InstanceOptions & {
    readonly services: readonly Service[];
    readonly endpoint: () => string;
    readonly sandboxEndpoint: () => string;
    readonly openSandboxNetwork: () => Promise<void>;
    readonly log: (line: string) => void;
  },
): Promise<Instance> {
  const { dataDir, services, endpoint, sandboxEndpoint, openSandboxNetwork, log } = options;
  if (dataDir !== undefined) claimDirectory(dataDir);
  const scratch = await mkdtemp(join(tmpdir(), "local-cloud-"));
  const store = dataDir === undefined ? createMemoryStore() : openJournalStore(dataDir);
  const blobDirectory = join(dataDir ?? scratch, "blobs");
  if (dataDir !== undefined) {
    const orphans = removeOrphanBlobs(blobDirectory, store);
    if (orphans > 0) log(`Removed ${orphans} blobs without a reference from ${blobDirectory}`);
  }
  const clock = openClock(store, options.frozen);
  const kernel = createKernel({
    ...{ services, store, clock, scratch, endpoint, sandboxEndpoint, openSandboxNetwork, log },
    ...(options.isTrusted && { isTrusted: options.isTrusted }),
    signingSecret: signingSecretOf(store),
    blobs: createBlobs(dataDir === undefined ? { scratch: blobDirectory } : { data: blobDirectory }),
    pace: { resource: 15, poll: 40, ...options.pace },
    identityProvider: createIdentityProvider,
  });
  return { kernel, clock, scratch, calls: rememberCalls(kernel) };
}

export async function closeInstance({ kernel, scratch }: Instance): Promise<void> {
  await kernel.stop();
  // A build may still write while it is being killed.
  await rm(scratch, { recursive: true, force: true, maxRetries: 10 });
}

/**
 * Time never goes back. Otherwise work that was scheduled in a pushed future would be late by the length of
 * the push.
 */
function openClock(store: Store, frozen: boolean | undefined): Clock {
  const pushed = store.table<number>("cloud/clock");
  return createClock({
    ...(frozen !== undefined && { frozen }),
    ahead: pushed.get("ahead") ?? 0,
    onPush: (ahead) => pushed.set("ahead", ahead),
  });
}

/** A restart keeps the secret, because a custom resource may answer after it. */
function signingSecretOf(store: Store): string {
  const table = store.table<string>("cloud/signing");
  return table.get("secret") ?? table.set("secret", randomBytes(30).toString("base64url"));
}

function rememberCalls({ cloud }: Kernel): readonly RememberedCall[] {
  const calls: RememberedCall[] = [];
  cloud.onCall(({ input: _, ...call }) => {
    calls.push(call); // an input may hold an upload, which would stay in memory
    if (calls.length > REMEMBERED_CALLS) calls.splice(0, REMEMBERED_CALLS / 2);
  });
  return calls;
}

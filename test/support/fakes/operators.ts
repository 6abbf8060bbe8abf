/** The ports of the operators' use cases in memory. */

import type { Approvals, Decision, PendingApproval, ShownClearance } from "#ports/approvals.ts";
import type { CliFiles } from "#ports/cli-files.ts";
import type { Wait } from "#ports/clock.ts";
import type { DeadLetter, DeadLetters } from "#ports/dead-letters.ts";
import type { IntakeQueue } from "#ports/intake-queue.ts";
import type { Portfolio } from "#ports/portfolio.ts";
import type { RegistryFiles } from "#ports/registry-files.ts";
import type { ResultVersion, ResultVersions } from "#ports/result-versions.ts";
import type { Uploads } from "#ports/uploads.ts";
import { joined } from "./storage.ts";

type MemoryApprovals = Approvals & {
  /** The pending approvals by pipeline. */
  readonly waiting: Map<string, readonly PendingApproval[]>;
  /** The clearances of a stage. */
  readonly clearances: Map<string, readonly ShownClearance[]>;
  readonly decisions: { readonly decision: Decision; readonly summary: string; readonly token: string }[];
};

export function memoryApprovals(): MemoryApprovals {
  const waiting = new Map<string, readonly PendingApproval[]>();
  const decisions: MemoryApprovals["decisions"] = [];
  const clearances: MemoryApprovals["clearances"] = new Map();
  return {
    waiting,
    decisions,
    clearances,
    pending: async (pipeline) => waiting.get(pipeline),
    pipelines: async () => [...waiting.keys()],
    shown: async (_, { stage }) => ({
      ...(stage !== "silent" && { text: `Release to ${stage}?` }),
      clearances: clearances.get(stage) ?? [],
    }),
    decide: async (pipeline, { token }, decision, summary) => {
      decisions.push({ decision, summary, token });
      const others = (waiting.get(pipeline) ?? []).filter((each) => each.token !== token);
      waiting.set(pipeline, others);
      return "2026-01-01T00:00:00.000Z";
    },
  };
}

type MemoryDeadLetters = DeadLetters & {
  readonly messages: DeadLetter[];
  readonly movedBack: string[];
};

export function memoryDeadLetters(): MemoryDeadLetters {
  const messages: DeadLetter[] = [];
  const movedBack: string[] = [];
  let moved = 0;
  return {
    messages,
    movedBack,
    peek: async () => [...messages],
    startMove: async () => {
      const all = messages.splice(0);
      movedBack.push(...all.map(({ body }) => body));
      moved = all.length;
    },
    moveState: async () => ({ state: "completed", moved }),
  };
}

type MemoryUploads = Uploads & {
  readonly objects: Map<string, Uint8Array[]>;
  /** Of the newest version of each key. */
  readonly metadata: Map<string, Readonly<Record<string, string>>>;
};

export function memoryUploads(): MemoryUploads {
  const objects = new Map<string, Uint8Array[]>();
  const metadata = new Map<string, Readonly<Record<string, string>>>();
  const put = (key: string, bytes: Uint8Array): string => {
    const versions = [...(objects.get(key) ?? []), bytes];
    objects.set(key, versions);
    return `version-${versions.length}`;
  };
  return {
    objects,
    metadata,
    put: async (key, { chunks, metadata: given = {} }, onProgress) => {
      const bytes = await joined(chunks());
      metadata.set(key, given);
      onProgress?.(bytes.length);
      return put(key, bytes);
    },
    putTombstone: async (key) => put(key, new Uint8Array()),
  };
}

type MemoryResultVersions = ResultVersions & {
  readonly write: (key: string, json: string | undefined, at: string) => void;
};

/** `write` without a text leaves a delete marker. */
export function memoryResultVersions(): MemoryResultVersions {
  const versions: (ResultVersion & { readonly json: string | undefined })[] = [];
  return {
    write: (key, json, at) => {
      versions.unshift({ key, id: `entry-${versions.length + 1}`, at, removed: json === undefined, json });
    },
    list: async (folder) =>
      versions
        .filter(({ key }) => key.startsWith(folder) && !key.slice(folder.length).includes("/"))
        .map(({ json: _, ...version }) => version),
    read: async (key, id) => versions.find((each) => each.key === key && each.id === id)?.json ?? "",
  };
}

export function memoryIntake(): IntakeQueue & { readonly bodies: string[] } {
  const bodies: string[] = [];
  return { bodies, send: async (sent) => void bodies.push(...sent) };
}

export function memoryRegistryFiles(): RegistryFiles & {
  readonly lambdas: Map<string, Uint8Array>;
} {
  const lambdas = new Map<string, Uint8Array>();
  return {
    lambdas,
    putLambda: async (digest, zip) => {
      if (lambdas.has(digest)) return false;
      lambdas.set(digest, zip);
      return true;
    },
  };
}

type MemoryCliFiles = CliFiles & {
  /** The packed command lines by version. */
  readonly versions: Map<string, Uint8Array>;
  readonly newest: () => Uint8Array | undefined;
};

export function memoryCliFiles(): MemoryCliFiles {
  const versions = new Map<string, Uint8Array>();
  let newest = "";
  return {
    versions,
    newest: () => versions.get(newest),
    read: async (version) => versions.get(version),
    put: async (version, packed) => {
      newest = version;
      if (versions.has(version)) return false;
      versions.set(version, packed);
      return true;
    },
  };
}

type MemoryPortfolio = Portfolio & {
  /** Without a call of it, the account has no portfolio. */
  readonly create: () => string;
  readonly organizations: ReadonlySet<string>;
};

export function memoryPortfolio(): MemoryPortfolio {
  const organizations = new Set<string>();
  let id: string | undefined;
  return {
    organizations,
    create: () => {
      id = "port-1";
      return id;
    },
    share: async (organization) => {
      if (id !== undefined) organizations.add(organization);
      return id;
    },
  };
}

/**
 * A clock that moves only when a use case waits. `during` runs at each wait, so that a test can change the
 * state.
 */
export function fakeTime(during: () => void = () => undefined): {
  readonly clock: () => string;
  readonly wait: Wait;
} {
  let now = Date.UTC(2026, 0, 1);
  return {
    clock: () => new Date(now).toISOString(),
    wait: async (ms) => {
      now += ms;
      during();
    },
  };
}

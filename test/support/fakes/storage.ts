/** In-memory ports of all objects in buckets. Version ids count up, so a test knows them beforehand. */
import type { Artifacts } from "#ports/artifacts.ts";
import type { Assets } from "#ports/assets.ts";
import type { EnvironmentLocks, StoredLock } from "#ports/environment-locks.ts";
import type { JobArtifacts } from "#ports/job-artifacts.ts";
import type { LineCache } from "#ports/line-cache.ts";
import type { Results } from "#ports/results.ts";
import type { SlotRecords } from "#ports/slot-records.ts";
import { ReleaseError } from "#release/errors/errors.ts";
import { sha256Hex } from "#release/names/digest.ts";
import { cacheKeys } from "#release/names/names.ts";
import type { StoredAsset } from "#release/stack/stored-asset.ts";

type Version = {
  readonly id: string;
  readonly bytes: Uint8Array;
  readonly at: string;
  readonly summary?: string;
};

const bucket = "memory";

type MemoryArtifacts = Artifacts & {
  readonly upload: (key: string, bytes: Uint8Array) => string;
  /** Counts the bytes that were read, and the ranges. */
  readonly read: { bytes: number; ranges: number };
};

export function memoryArtifacts(): MemoryArtifacts {
  const objects = new Map<string, Version[]>();
  const read = { bytes: 0, ranges: 0 };
  let count = 0;
  const stretch = (key: string, versionId: string, start: number, end: number): Uint8Array => {
    const version = objects.get(key)?.find(({ id }) => id === versionId);
    if (version === undefined) throw new TypeError(`There is no version ${versionId} of ${key}.`);
    const bytes = version.bytes.subarray(start, end);
    read.bytes += bytes.length;
    read.ranges += 1;
    return bytes;
  };
  return {
    read,
    upload: (key, bytes) => {
      count += 1;
      const id = `version-${count}`;
      const at = new Date(Date.UTC(2026, 0, 1) + count * 1000).toISOString();
      objects.set(key, [...(objects.get(key) ?? []), { id, bytes, at }]);
      return id;
    },
    newest: async (key) => {
      const version = objects.get(key)?.at(-1);
      if (version === undefined) return undefined;
      const { id, bytes, at } = version;
      return { bucket, key, versionId: id, size: bytes.length, etag: `etag-${id}`, lastModified: at };
    },
    reader: ({ key, versionId, size }) => ({
      size,
      read: async (start, end) => stretch(key, versionId, start, end),
    }),
    stream: async function* ({ key, versionId, size }, start = 0, end = size) {
      const bytes = stretch(key, versionId, start, end);
      for (let at = 0; at < bytes.length; at += 1000) yield bytes.subarray(at, at + 1000);
    },
    uploads: async function* (account) {
      for (const [key, versions] of objects) {
        const newest = versions.at(-1);
        if (newest !== undefined && key.startsWith(`${account}/`))
          yield { key, size: newest.bytes.length, lastModified: newest.at };
      }
    },
    listed: async (key) => {
      const newest = objects.get(key)?.at(-1);
      return newest && { key, size: newest.bytes.length, lastModified: newest.at };
    },
  };
}

export type MemoryResults = Results & {
  readonly objects: Map<string, string>;
  readonly writes: string[];
};

export function memoryResults(): MemoryResults {
  const objects = new Map<string, string>();
  const writes: string[] = [];
  return {
    objects,
    writes,
    read: async (key) => objects.get(key),
    write: async (key, json) => {
      objects.set(key, json);
      writes.push(key);
    },
  };
}

export type MemoryCache = LineCache & {
  readonly objects: Map<string, Version[]>;
  readonly summaryOf: (key: string, versionId: string) => string | undefined;
  /** The prefixes that were to be removed in other regions. */
  readonly forgotten: readonly string[];
};

export function memoryCache(): MemoryCache {
  const objects = new Map<string, Version[]>();
  const forgotten: string[] = [];
  let count = 0;
  return {
    objects,
    forgotten,
    summaryOf: (key, versionId) => objects.get(key)?.find(({ id }) => id === versionId)?.summary,
    get: async (key) => objects.get(key)?.at(-1)?.bytes,
    put: async (key, bytes, summary) => {
      count += 1;
      const id = `bundle-${count}`;
      const version = { id, bytes, at: "", ...(summary !== undefined && { summary }) };
      objects.set(key, [...(objects.get(key) ?? []), version]);
      return id;
    },
    putOnce: async (key, bytes) => {
      if (objects.has(key)) return false;
      count += 1;
      objects.set(key, [{ id: `bundle-${count}`, bytes, at: "" }]);
      return true;
    },
    lineNames: async () => [
      ...new Set(
        [...objects.keys()]
          .filter((key) => key.startsWith(cacheKeys.lines))
          .map((key) => key.slice(cacheKeys.lines.length).split("/"))
          .flatMap(([folder = "", ...within]) => (within.length === 0 ? [] : [folder])),
      ),
    ],
    remove: async (prefix) => {
      for (const key of objects.keys()) if (key.startsWith(prefix)) objects.delete(key);
    },
    removeIn: async (region, prefix) => {
      forgotten.push(`${region}/${prefix}`);
    },
  };
}

type MemorySlotRecords = SlotRecords & { readonly objects: Map<string, Uint8Array> };

export function memorySlotRecords(): MemorySlotRecords {
  const objects = new Map<string, Uint8Array>();
  const stored = (key: string) => ({ key, versions: ["1"] });
  return {
    objects,
    list: async (prefix) => [...objects.keys()].filter((key) => key.startsWith(prefix)).map(stored),
    get: async (key) => objects.get(key),
    put: async (key, content) => {
      objects.set(key, content);
      return stored(key);
    },
    remove: async (slotRecords) => {
      for (const { key } of slotRecords) objects.delete(key);
    },
  };
}

type MemoryAssets = Assets & {
  /** The newest version of each key. */
  readonly objects: ReadonlyMap<string, Uint8Array>;
  readonly puts: string[];
  /** Writes a version past the port, as another principal could. */
  readonly overwrite: (key: string, bytes: Uint8Array) => void;
  /** The number of calls that asked for an asset. */
  readonly asked: () => number;
  readonly elsewhere: (region: string) => MemoryAssets;
};

export function memoryAssets(bucket = "parts", region = "us-east-1"): MemoryAssets {
  const objects = new Map<string, Uint8Array>();
  const versions = new Map<string, StoredAsset>();
  const newest = new Map<string, StoredAsset>();
  const puts: string[] = [];
  const others = new Map<string, MemoryAssets>();
  let asked = 0;
  const write = (key: string, bytes: Uint8Array): string => {
    const versionId = `version.${region}.${String(versions.size + 1).padStart(8, "0")}`;
    const stored = { key, versionId, sha256: sha256Hex(bytes), size: bytes.length };
    versions.set(`${key} ${versionId}`, stored);
    newest.set(key, stored);
    objects.set(key, bytes);
    return versionId;
  };
  return {
    objects,
    puts,
    bucket,
    region,
    overwrite: write,
    asked: () => asked,
    elsewhere: (other) => {
      const store = others.get(other) ?? memoryAssets(`${bucket}-${other}`, other);
      others.set(other, store);
      return store;
    },
    newest: async (key) => {
      asked += 1;
      return newest.get(key);
    },
    version: async (key, versionId) => {
      asked += 1;
      return versions.get(`${key} ${versionId}`);
    },
    putOnce: async (key, { size, sha256, chunks }) => {
      const bytes = await joined(chunks());
      if (bytes.length !== size || sha256Hex(bytes) !== sha256)
        throw new TypeError(`${key} was to have ${size} bytes with another digest; it has ${bytes.length}.`);
      if (newest.has(key)) return undefined;
      puts.push(key);
      return write(key, bytes);
    },
  };
}

type MemoryJobArtifacts = JobArtifacts & { readonly objects: Map<string, Uint8Array> };

export function memoryJobArtifacts(): MemoryJobArtifacts {
  const objects = new Map<string, Uint8Array>();
  return {
    objects,
    read: async ({ key }) => {
      const bytes = objects.get(key);
      if (bytes === undefined) throw new TypeError(`There is no ${key}.`);
      return bytes;
    },
    write: async ({ key }, content) => {
      const there = objects.get(key);
      if (there !== undefined && Buffer.compare(there, content) !== 0)
        throw new ReleaseError("AssetAltered", `${key} has other bytes.`);
      objects.set(key, content);
    },
  };
}

type MemoryLocks = EnvironmentLocks & { readonly objects: Map<string, StoredLock> };

export function memoryLocks(): MemoryLocks {
  const objects = new Map<string, StoredLock>();
  let writes = 0;
  return {
    objects,
    read: async (key) => objects.get(key),
    write: async (key, content, tag) => {
      if (objects.get(key)?.tag !== tag) return false;
      writes += 1;
      objects.set(key, { content, tag: `"${writes}"` });
      return true;
    },
  };
}

export async function joined(chunks: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  const all: Uint8Array[] = [];
  for await (const chunk of chunks) all.push(chunk);
  return Buffer.concat(all);
}

export function memoryReviews() {
  const objects = new Map<string, string>();
  return {
    bucket: "artifacts",
    objects,
    write: async (key: string, content: string): Promise<void> => {
      if (!objects.has(key)) objects.set(key, content);
    },
    read: async (key: string): Promise<string | undefined> => objects.get(key),
  };
}

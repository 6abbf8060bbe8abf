/**
 * The memory of a simulated cloud: the rows and bytes of a base that every run shares, and the changes of
 * this run. So a run begins with a booted estate at no cost, and a snapshot holds only the difference.
 */
import { randomUUID } from "node:crypto";
import { Readable } from "node:stream";
import type { Blobs } from "@kedge/local-cloud/kernel/blobs";
import { createTable } from "@kedge/local-cloud/kernel/memory-store";
import type { Store, Table } from "@kedge/local-cloud/kernel/store";

/** Rows by path, then by key. They never change. */
export type Rows = ReadonlyMap<string, ReadonlyMap<string, unknown>>;
export type Bytes = ReadonlyMap<string, Buffer>;
export type Memory = { readonly rows: Rows; readonly bytes: Bytes };

const nothing: Memory = { rows: new Map(), bytes: new Map() };

export type LiveMemory = {
  readonly store: Store;
  readonly blobs: Blobs;
  /** Grows with every change. */
  readonly changes: () => number;
  /** Grows with every change that outlives a session. */
  readonly effects: () => number;
  /** The tables that differ from the base. A table without further changes stays the same map. */
  readonly changed: () => Rows;
  readonly snapshot: () => Memory;
};

/** Copies a table from the base, or from an earlier snapshot, at its first use. */
export function createMemory(base: Memory, since: Memory = nothing): LiveMemory {
  const tables = new Map<string, Map<string, unknown>>();
  const dirty = new Set<string>();
  const copied = new Map(since.rows);
  let changes = 0;
  let effects = 0;
  const rowsAt = (path: string): Map<string, unknown> => {
    let rows = tables.get(path);
    if (rows === undefined) {
      rows = structuredClone(new Map(since.rows.get(path) ?? base.rows.get(path)));
      tables.set(path, rows);
    }
    return rows;
  };
  const change = (path: string): void => {
    dirty.add(path);
    changes += 1;
    if (!path.startsWith("sts/")) effects += 1;
  };
  const changed = (): Rows => {
    for (const path of dirty) copied.set(path, structuredClone(rowsAt(path)));
    dirty.clear();
    return new Map(copied);
  };
  const ahead = { set: change, delete: change };
  const opened = new Map<string, Table<unknown>>();
  const own = new Map<string, Buffer>(since.bytes);
  return {
    store: {
      table: <Row>(path: string) => {
        const known = opened.get(path) ?? lazyTable(() => rowsAt(path), path, ahead);
        opened.set(path, known);
        return known as Table<Row>;
      },
      paths: () => {
        const paths = new Set([...base.rows.keys(), ...since.rows.keys(), ...tables.keys()]);
        return [...paths].filter(
          (path) => (tables.get(path) ?? since.rows.get(path) ?? base.rows.get(path))?.size !== 0,
        );
      },
      reset: () => {
        for (const path of [...base.rows.keys(), ...since.rows.keys()]) tables.set(path, new Map());
      },
      close: async () => undefined,
    },
    blobs: memoryBlobs(own, base.bytes),
    changes: () => changes,
    effects: () => effects,
    changed,
    snapshot: () => ({
      rows: changed(),
      bytes: new Map(own),
    }),
  };
}

/** New blobs go to `own`. */
function memoryBlobs(own: Map<string, Buffer>, base: Bytes): Blobs {
  const bytesOf = (id: string): Buffer => own.get(id) ?? base.get(id) ?? Buffer.alloc(0);
  return {
    write: async (body, observe) => {
      const chunks: Uint8Array[] = [];
      for await (const chunk of body instanceof Uint8Array ? [body] : (body as AsyncIterable<Uint8Array>)) {
        observe?.(chunk);
        chunks.push(chunk);
      }
      const bytes = Buffer.concat(chunks);
      const id = randomUUID();
      own.set(id, bytes);
      return { id, size: bytes.length };
    },
    read: ({ id, size }, start = 0, end = size) => {
      const bytes = bytesOf(id).subarray(start, end);
      return Readable.from(bytes.length === 0 ? [] : [bytes]);
    },
    bytes: async ({ id, size }, start = 0, end = size) => bytesOf(id).subarray(start, end),
    delete: async (id) => void own.delete(id),
  };
}

/** Opens the table at its first use, because a service opens all of its tables at once. */
function lazyTable(
  rows: () => Map<string, unknown>,
  path: string,
  ahead: NonNullable<Parameters<typeof createTable>[2]>,
): Table<unknown> {
  let table: Table<unknown> | undefined;
  const open = (): Table<unknown> => {
    table ??= createTable(rows(), path, ahead);
    return table;
  };
  return {
    get: (key) => open().get(key),
    has: (key) => open().has(key),
    set: (key, row) => open().set(key, row),
    delete: (key) => open().delete(key),
    keys: () => open().keys(),
    values: () => open().values(),
    entries: () => open().entries(),
    get size() {
      return open().size;
    },
    clear: () => open().clear(),
  };
}

/**
 * Stores state in a directory. Every change is appended to a journal before it is acknowledged, so that a
 * kill at any moment loses no change. When most of the journal is history, the store rewrites it as a
 * snapshot.
 */
import { closeSync, fstatSync, fsyncSync, ftruncateSync, openSync, renameSync } from "node:fs";
import { join } from "node:path";
import { lockDirectory } from "./directory-lock.ts";
import { appendRecord, readRecords } from "./journal-file.ts";
import { createTable, filledPaths, rowsAt, type Tables } from "./memory-store.ts";
import type { Store } from "./store.ts";

type Change = readonly [path: string, key: string, row: unknown] | readonly [path: string, key: string];

/** A journal below this size is not worth rewriting. */
const SMALL = 16 << 20;

export function openJournalStore(directory: string, smallest = SMALL): Store {
  const unlock = lockDirectory(directory);
  const path = join(directory, "journal");
  const tables: Tables = new Map();
  let file = openSync(path, "a+");
  closeSync(file);
  file = openSync(path, "r+");
  let closed = false;
  let size: number;
  try {
    size = readRecords(file, fstatSync(file).size, (value) => apply(tables, value as Change));
  } catch (error) {
    closeSync(file);
    unlock();
    throw error;
  }
  ftruncateSync(file, size);
  let limit = Math.max(smallest, size * 2);

  const append = (change: Change): void => {
    // Work that outlives the store, such as a task that is being stopped, has no caller that waits for it.
    if (closed) return;
    // The journal is compacted before the change, while the tables do not show it yet.
    if (size > limit) compact();
    size += appendRecord(file, size, change);
  };
  const compact = (): void => {
    const next = join(directory, "journal.next");
    const fresh = openSync(next, "w");
    let written = 0;
    for (const [tablePath, rows] of tables) {
      for (const [key, row] of rows) written += appendRecord(fresh, written, [tablePath, key, row]);
    }
    fsyncSync(fresh);
    renameSync(next, path);
    closeSync(file);
    file = fresh;
    size = written;
    limit = Math.max(smallest, size * 3);
  };
  if (size > smallest) compact();

  const ahead = {
    set: (tablePath: string, key: string, row: unknown) => append([tablePath, key, row]),
    delete: (tablePath: string, key: string) => append([tablePath, key]),
  };
  return {
    table: <Row>(tablePath: string) =>
      createTable(rowsAt(tables, tablePath) as Map<string, Row>, tablePath, ahead),
    paths: () => filledPaths(tables),
    reset: () => {
      for (const rows of tables.values()) rows.clear();
      if (!closed) compact();
    },
    close: async () => {
      if (closed) return;
      closed = true;
      closeSync(file);
      unlock();
    },
  };
}

function apply(tables: Tables, [path, key, ...row]: Change): void {
  const rows = rowsAt(tables, path);
  if (row.length === 0) rows.delete(key);
  else rows.set(key, row[0]);
}

/**
 * State in a directory: every change is appended to a journal before it is acknowledged, so that a kill at any
 * moment loses nothing. The journal is rewritten as a snapshot when most of it is history.
 */
import { closeSync, fstatSync, fsyncSync, ftruncateSync, openSync, renameSync } from "node:fs";
import { join } from "node:path";
import { lockDirectory } from "./directory-lock.ts";
import { appendRecord, readRecords } from "./journal-file.ts";
import { createTable, filledPaths, rowsAt, type Tables } from "./memory-store.ts";
import type { Store } from "./store.ts";

type Change = readonly [path: string, key: string, row: unknown] | readonly [path: string, key: string];

/** Below this a journal is not worth rewriting. */
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
    // Work that outlives the store (a task being stopped) is answered to nobody.
    if (closed) return;
    // Before the change: the tables do not show it yet.
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

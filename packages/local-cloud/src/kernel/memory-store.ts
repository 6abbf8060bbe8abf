/** Stores state that lives as long as the process. */
import type { Store, Table } from "./store.ts";

/** The steps of a durable store at each change, before the change is visible. */
type Ahead = {
  readonly set: (path: string, key: string, row: unknown) => void;
  readonly delete: (path: string, key: string) => void;
};

/** Creates a table over a plain map. `ahead` gets every change first and may reject it by throwing. */
export function createTable<Row>(rows: Map<string, Row>, path: string, ahead?: Ahead): Table<Row> {
  return {
    get: (key) => rows.get(key),
    has: (key) => rows.has(key),
    set: (key, row) => {
      ahead?.set(path, key, row);
      rows.set(key, row);
      return row;
    },
    delete: (key) => {
      if (!rows.has(key)) return false;
      ahead?.delete(path, key);
      return rows.delete(key);
    },
    keys: () => rows.keys(),
    values: () => rows.values(),
    entries: () => rows.entries(),
    get size() {
      return rows.size;
    },
    clear: () => {
      for (const key of [...rows.keys()]) {
        ahead?.delete(path, key);
        rows.delete(key);
      }
    },
  };
}

/** The tables of a store by their path. */
export type Tables = Map<string, Map<string, unknown>>;

export function rowsAt(tables: Tables, path: string): Map<string, unknown> {
  let rows = tables.get(path);
  if (rows === undefined) {
    rows = new Map();
    tables.set(path, rows);
  }
  return rows;
}

export const filledPaths = (tables: Tables): readonly string[] =>
  [...tables].filter(([, rows]) => rows.size > 0).map(([path]) => path);

export function createMemoryStore(): Store {
  const tables: Tables = new Map();
  return {
    table: <Row>(path: string) => createTable(rowsAt(tables, path) as Map<string, Row>, path),
    paths: () => filledPaths(tables),
    reset: () => {
      for (const rows of tables.values()) rows.clear();
    },
    close: async () => undefined,
  };
}

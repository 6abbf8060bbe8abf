/**
 * Defines the store of the services' state: tables of plain records. A record changes only by `set`, so
 * that a store with a directory can write every change before the answer and find it again after a kill.
 */

export type Table<Row> = {
  readonly get: (key: string) => Row | undefined;
  readonly has: (key: string) => boolean;
  /** Stores the row. The store does not see a mutation of a row: change a copy, or `set` the row again. */
  readonly set: (key: string, row: Row) => Row;
  readonly delete: (key: string) => boolean;
  readonly keys: () => IterableIterator<string>;
  readonly values: () => IterableIterator<Row>;
  readonly entries: () => IterableIterator<[string, Row]>;
  readonly size: number;
  readonly clear: () => void;
};

/** Opens a table of one service in one account and region. */
export type OpenTable = <Row>(name: string) => Table<Row>;

export type Store = {
  /** `path`, e.g. `sqs/111111111111/us-east-1/queues`. The same path returns the same table. */
  readonly table: <Row>(path: string) => Table<Row>;
  /** Every path that holds rows, for `resume` at boot. */
  readonly paths: () => readonly string[];
  /** Removes all rows. */
  readonly reset: () => void;
  readonly close: () => Promise<void>;
};

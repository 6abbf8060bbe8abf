/** Ledgers of migrations in memory. A record is written once. */

import type { MigrationLedger } from "#ports/migration-ledger.ts";
import type { AccountInRegion } from "#ports/target.ts";

type MemoryLedger = MigrationLedger & {
  /** The records by account, region and name. */
  readonly records: Map<string, string>;
};

export function memoryLedger(): MemoryLedger {
  const records = new Map<string, string>();
  const folderOf = ({ account, region }: AccountInRegion, path: string): string =>
    `${account}/${region}${path}/`;
  return {
    records,
    read: async (target, path) => {
      const folder = folderOf(target, path);
      const own = [...records].filter(([key]) => key.startsWith(folder));
      return new Map(own.map(([key, value]) => [key.slice(folder.length), value]));
    },
    record: async (target, path, name, value) => {
      const key = folderOf(target, path) + name;
      if (records.has(key)) return false;
      records.set(key, value);
      return true;
    },
  };
}

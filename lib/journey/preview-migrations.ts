/** Lists the pending migrations of an environment and checks them, before the environment changes. */

import type { MigrationLedger } from "#ports/migration-ledger.ts";
import {
  countPending,
  describePending,
  type Ledger,
  parseRecord,
  pendingMigrations,
} from "#release/artifact/migration-ledger.ts";
import { migrationsFile, parseMigrations } from "#release/artifact/migrations.ts";
import { ledgerPath } from "#release/names/names.ts";
import { pendingVariables } from "#release/plan/plan-migrations.ts";
import type { Release } from "#release/plan/release.ts";
import { migratingIn } from "#release/traits/migration-traits.ts";
import type { Target } from "#release/traits/targets.ts";
import type { ZipContent } from "#release/zip/zip-write.ts";
import { type Documents, documentIn } from "./small-zip.ts";

type MigrationPreview = {
  /** The documents for the migrate action. */
  readonly files: readonly ZipContent[];
  /** The variables that the approver sees. */
  readonly variables: Readonly<Record<string, string>>;
};

/** Throws `MigrationsConflict`. */
export async function previewMigrations(
  ledger: Pick<MigrationLedger, "read">,
  { line, manifest }: Pick<Release, "line" | "manifest">,
  target: Target,
  packaged: Documents,
): Promise<MigrationPreview> {
  const migrating = migratingIn(manifest.traits, target);
  if (migrating === undefined) return { files: [], variables: {} };
  const content = documentIn(packaged, migrationsFile);
  const applied = await readLedger(ledger, target, ledgerPath(target.environment, line));
  const pending = pendingMigrations(parseMigrations(content), applied, migrating);
  return {
    files: [{ name: migrationsFile, content }],
    variables: {
      [pendingVariables.all]: describePending(pending),
      [pendingVariables.count]: countPending(pending),
    },
  };
}

export async function readLedger(
  ledger: Pick<MigrationLedger, "read">,
  target: Pick<Target, "account" | "region">,
  path: string,
): Promise<Ledger> {
  const records = await ledger.read(target, path);
  return new Map([...records].map(([version, value]) => [version, parseRecord(version, value)]));
}

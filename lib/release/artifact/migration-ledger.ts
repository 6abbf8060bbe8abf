/**
 * Decides which migrations have to run in an environment. The ledger holds one record for each applied
 * migration; a record is written once and never changed. Migrations that were changed after they ran, or that
 * come too late, are rejected.
 */

import { valueTree } from "#release/document/node-tree.ts";
import { object, readShape, text } from "#release/document/shape.ts";
import { ReleaseError } from "#release/errors/errors.ts";
import { byVersion, type Migration } from "./migrations.ts";

type MigrationRecord = Pick<Migration, "id" | "checksum"> & {
  /** The upload it came with. */
  readonly branch: string;
  readonly release: string;
};

/** By version. */
export type Ledger = ReadonlyMap<string, MigrationRecord>;

const shape = object({ id: text(), checksum: text(), branch: text(), release: text() });

export const formatRecord = (record: MigrationRecord): string => JSON.stringify(record);

/** Throws `MigrationsConflict` for a record that Kedge has not written. */
export function parseRecord(version: string, value: string): MigrationRecord {
  try {
    const read = readShape(shape, valueTree(JSON.parse(value)));
    if ("value" in read) return read.value;
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
  }
  throw conflict(`The ledger's record of version ${version} was not written by Kedge.`);
}

type Pace = {
  /** Late migrations run, too, and applied migrations may be missing from the artifact. */
  readonly outOfOrder: boolean;
};

/**
 * Returns the pending migrations in the order in which they run. The ledger may be ahead of the artifact: an
 * earlier version of the application is released again, or another branch has newer migrations. Throws
 * `MigrationsConflict`.
 */
export function pendingMigrations(
  migrations: readonly Migration[],
  ledger: Ledger,
  { outOfOrder }: Pace,
): readonly Migration[] {
  const changed = migrations.find(({ version, checksum }) => isOther(ledger.get(version), checksum));
  if (changed !== undefined) {
    const { id = "", branch = "" } = ledger.get(changed.version) ?? {};
    throw conflict(
      `Version ${changed.version} was applied as ${id} from ${branch}; ${changed.id} has another content.`,
    );
  }
  const pending = migrations.filter(({ version }) => !ledger.has(version));
  if (outOfOrder) return pending;
  const applied = [...ledger.keys()].toSorted(byVersion);
  const newest = applied.at(-1);
  const late = pending.find(({ version }) => newest !== undefined && byVersion(version, newest) < 0);
  if (late !== undefined && newest !== undefined) {
    const seen = `${late.id} comes before ${ledger.get(newest)?.id}, which was applied already.`;
    throw conflict(seen);
  }
  const own = migrations.at(-1)?.version ?? "";
  const known = new Set(migrations.map(({ version }) => version));
  const gone = applied.find((version) => !known.has(version) && byVersion(version, own) < 0);
  if (gone !== undefined)
    throw conflict(`${ledger.get(gone)?.id} was applied and is missing in the artifact.`);
  return pending;
}

const isOther = (record: MigrationRecord | undefined, checksum: string): boolean =>
  record !== undefined && record.checksum !== checksum;

const longest = 300;

/** The text for the approver. Irreversible migrations come first, so that shortening never removes them. */
export function describePending(pending: readonly Migration[]): string {
  if (pending.length === 0) return "no migrations are pending.";
  const listed = (some: readonly Migration[]): string => some.map(({ id }) => id).join(", ");
  const oneWay = pending.filter(({ irreversible }) => irreversible);
  const flagged = oneWay.length === 0 ? "" : `IRREVERSIBLE: ${listed(oneWay)}. `;
  const all = `${flagged}${pending.length} pending: ${listed(pending)}.`;
  return all.length <= longest ? all : `${all.slice(0, longest - 1)}…`;
}

/** The same in a few words. */
export function countPending(pending: readonly Migration[]): string {
  const oneWay = pending.filter(({ irreversible }) => irreversible).length;
  return `${pending.length} pending${oneWay === 0 ? "" : `, ${oneWay} IRREVERSIBLE`}`;
}

const conflict = (seen: string): ReleaseError => new ReleaseError("MigrationsConflict", seen);

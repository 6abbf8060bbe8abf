/**
 * What has to run in an environment, given what its ledger says has run: the ledger has one record for each migration,
 * written once and never changed. Decides also what must not go on: what was changed, or comes too late.
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

/** Throws `MigrationsConflict` for a record nobody here has written. */
export function parseRecord(version: string, value: string): MigrationRecord {
  try {
    const read = readShape(shape, valueTree(JSON.parse(value)));
    if ("value" in read) return read.value;
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
  }
  throw conflict(`The ledger's record of version ${version} is none of Kedge's.`);
}

type Pace = {
  /** Those that others overtook run all the same, and what is missing among the applied ones is let be. */
  readonly outOfOrder: boolean;
};

/**
 * In the order they run. What the ledger has beyond the artifact's newest is let be: an earlier version of the
 * application is released again, or another branch is ahead. Throws `MigrationsConflict`.
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

/** For the approver: what cannot be taken back comes first, so that no cut takes it away. */
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

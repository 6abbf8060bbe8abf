/**
 * Runs the pipeline's migrate action: it calls a function of the target for each pending migration in order,
 * and records each one in the ledger when the function succeeds. After a crash between the two, the function
 * gets the same migration id again, so it must remember the ids it has applied.
 */

import type { Clock } from "#ports/clock.ts";
import type { JobArtifacts } from "#ports/job-artifacts.ts";
import type { MigrationLedger } from "#ports/migration-ledger.ts";
import type { TargetFunctions } from "#ports/target-functions.ts";
import { formatRecord, parseRecord, pendingMigrations } from "#release/artifact/migration-ledger.ts";
import { type Migration, migrationsFile, parseMigrations } from "#release/artifact/migrations.ts";
import { ReleaseError } from "#release/errors/errors.ts";
import { ledgerPath } from "#release/names/names.ts";
import type { Release } from "#release/plan/release.ts";
import { parseRelease } from "#release/plan/release-document.ts";
import { type Migrating, migratingIn } from "#release/traits/migration-traits.ts";
import { documents } from "./documents.ts";
import type { JobAnswer, WorkerJob } from "./job.ts";
import { readLedger } from "./preview-migrations.ts";
import { documentIn, readSmallZip } from "./small-zip.ts";

type MigrateDeps = {
  readonly jobArtifacts: Pick<JobArtifacts, "read">;
  readonly functions: TargetFunctions;
  readonly ledger: MigrationLedger;
  readonly clock: Clock;
};

/**
 * A Lambda invocation has 15 minutes. After this time no further migration starts, because one migration may
 * need the rest.
 */
const beginsWithinMs = 60_000;

type Task = { readonly release: Release; readonly migrating: Migrating; readonly path: string };

/**
 * Throws `MigrationFailed` with the function's own error text, or `MigrationsConflict`. No message contains
 * the payload.
 */
export async function migrate(deps: MigrateDeps, job: WorkerJob): Promise<JobAnswer> {
  const begun = Date.parse(deps.clock());
  const input = await readSmallZip(await deps.jobArtifacts.read(job.input));
  const release = parseRelease(documentIn(input, documents.release));
  const all = parseMigrations(documentIn(input, migrationsFile));
  const path = ledgerPath(job.environment, release.line);
  const migrating = migratingHere(release, job);
  const pending = pendingMigrations(all, await readLedger(deps.ledger, job, path), migrating);
  const task = { release, migrating, path };
  for (const [index, migration] of pending.entries()) {
    if (index > 0 && Date.parse(deps.clock()) - begun > beginsWithinMs)
      return { type: "later", continuation: migration.version };
    if ((await run(deps, job, task, migration)) === "busy") return { type: "later", continuation: "busy" };
    await record(deps, job, task, migration);
  }
  return { type: "done", outputs: { Newest: all.at(-1)?.id ?? "", Summary: summary(all, pending) } };
}

const summary = (all: readonly Migration[], pending: readonly Migration[]): string =>
  `${pending.length} run now, ${all.length} of the artifact applied`;

function migratingHere({ manifest, targets }: Release, { environment }: WorkerJob): Migrating {
  const target = targets.find((each) => each.environment === environment);
  const migrating = target && migratingIn(manifest.traits, target);
  if (migrating !== undefined) return migrating;
  throw new ReleaseError("ReleaseDocumentMalformed", `The release has no migrations for ${environment}.`);
}

async function run(
  { functions }: MigrateDeps,
  job: WorkerJob,
  { release: { line, artifact }, migrating }: Task,
  { version, id, checksum, sql }: Migration,
): Promise<"done" | "busy"> {
  const { app, branch } = line;
  const { environment, execution } = job;
  const asked = { action: "migrate", id, version, checksum, sql, environment, app, branch };
  const payload = JSON.stringify({ ...asked, release: artifact.versionId, execution });
  const said = await functions.call(job, migrating.function, payload);
  if ("answer" in said) return "done";
  if ("busy" in said) return "busy"; // the function allows one call at a time, and another release uses it
  const where = `${environment} (account ${job.account}, ${job.region})`;
  const words = sql === "" ? said.failed : said.failed.replaceAll(sql, "…"); // the function's error may quote the whole payload
  throw new ReleaseError(
    "MigrationFailed",
    `${id} failed in ${where}, run by ${migrating.function}: ${words}`,
  );
}

/** The record may exist already, from another branch or from this action before it crashed. */
async function record(
  { ledger }: MigrateDeps,
  job: WorkerJob,
  { release: { line, artifact }, path }: Task,
  { version, id, checksum }: Migration,
): Promise<void> {
  const own = { id, checksum, branch: line.branch, release: artifact.versionId };
  if (await ledger.record(job, path, version, formatRecord(own))) return;
  const there = (await ledger.read(job, path)).get(version);
  const other = there === undefined ? undefined : parseRecord(version, there);
  if (other === undefined || other.checksum === checksum) return;
  const seen = `Version ${version} was applied twice at once in ${job.environment}: as ${id}, and as ${other.id} from ${other.branch}.`;
  throw new ReleaseError("MigrationsConflict", seen);
}

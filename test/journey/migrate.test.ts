/**
 * Tests migrations from the artifact to the ledger: their packaging, their announcement, the calls of the
 * function, the records, and the state after a failure.
 */
import { describe, expect, it } from "vitest";
import { migrate } from "#journey/migrate.ts";
import { packageArtifact } from "#journey/package-artifact.ts";
import { prepareEnvironment } from "#journey/prepare-environment.ts";
import type { TargetFunctions } from "#ports/target-functions.ts";
import { ledgerPath } from "#release/names/names.ts";
import { formatRelease, parseRelease } from "#release/plan/release-document.ts";
import { writeZip } from "#release/zip/zip-write.ts";
import { errorOf } from "#test/release/samples.ts";
import { job, line, type PipelineFixture, pipelineFixture } from "./pipeline-fixture.ts";

type Said = Awaited<ReturnType<TargetFunctions["call"]>>;

const files = (more: Readonly<Record<string, string>> = {}) => ({
  "template.yaml": '{"Resources":{"T":{"Type":"AWS::SNS::Topic"}}}',
  "migrations/V1__a.sql": "create a",
  "migrations/V2__b.sql": "-- kedge: irreversible\ndrop b",
  ...more,
});

/**
 * Puts the traits into the release, because the estate of the fakes allows no function. Another test covers
 * that rule.
 */
async function prepared(deps: PipelineFixture) {
  const release = deps.release;
  const everywhere = { ...release.manifest.traits.everywhere, migrations: { function: "runner" } };
  const targets = release.targets.map((target) => ({
    ...target,
    handlers: { projects: [], functions: ["runner"] },
  }));
  const manifest = { ...release.manifest, traits: { ...release.manifest.traits, everywhere } };
  const content = formatRelease({ ...release, manifest, targets });
  deps.jobArtifacts.objects.set("Release", writeZip([{ name: "release.json", content }]));
  await packageArtifact(deps, job("Release", "Packaged"));
  return prepareEnvironment(deps, job("Packaged", "Prepared_dev"));
}

async function ready(more: Readonly<Record<string, string>> = {}) {
  const deps = await pipelineFixture(files(more));
  const answer = await prepared(deps);
  const asked: Readonly<Record<string, unknown>>[] = [];
  let minutes = 0;
  const run = (say: (id: string) => Said, minutesEach = 0) =>
    migrate(
      {
        ...deps,
        clock: () => new Date(minutes * 60_000).toISOString(),
        functions: {
          call: async (_, name, payload) => {
            const given = JSON.parse(payload) as Readonly<Record<string, unknown>>;
            asked.push({ name, ...given });
            minutes += minutesEach;
            return say(String(given["id"]));
          },
        },
      },
      { ...job("Prepared_dev", ""), parameters: { function: "runner", migrations: "migrations.json" } },
    );
  const ids = () => asked.map(({ id }) => id);
  const records = () => [...deps.ledger.records.keys()].map((key) => key.split("/").at(-1));
  return { deps, answer, asked, ids, records, run };
}

const fine = (): Said => ({ answer: "{}" });

describe("migrations", () => {
  it("announces pending migrations, runs them in order with their context, and records them", async () => {
    const { deps, answer, asked, run } = await ready();
    expect(answer).toEqual({
      type: "done",
      outputs: {
        Migrations: "IRREVERSIBLE: V2__b. 2 pending: V1__a, V2__b.",
        MigrationCount: "2 pending, 1 IRREVERSIBLE",
        Secrets: "none",
      },
    });
    expect(await run(fine)).toMatchObject({ type: "done", outputs: { Newest: "V2__b" } });
    expect(asked).toMatchObject([
      { name: "runner", action: "migrate", id: "V1__a", version: "1", sql: "create a", environment: "dev" },
      { id: "V2__b", app: "shop", branch: "main", release: deps.release.artifact.versionId },
    ]);
    const path = `222222222222/us-east-1${ledgerPath("dev", line)}`;
    expect([...deps.ledger.records.keys()]).toEqual([`${path}/1`, `${path}/2`]);
  });

  it("runs each migration once, also when the action is repeated", async () => {
    const { ids, run } = await ready();
    await run(fine);
    await run(fine);
    expect(ids()).toEqual(["V1__a", "V2__b"]);
  });

  it("stops at the first migration that fails, with the function's error text and without the statements", async () => {
    const { ids, records, run } = await ready();
    const error = await errorOf(() => run(() => ({ failed: "SyntaxError: create a is no statement" })));
    expect([error?.code, error?.message]).toEqual([
      "MigrationFailed",
      "V1__a failed in dev (account 222222222222, us-east-1), run by runner: SyntaxError: … is no statement",
    ]);
    expect([ids(), records()]).toEqual([["V1__a"], []]);
    await run(fine);
    expect(ids()).toEqual(["V1__a", "V1__a", "V2__b"]);
  });

  it("waits when the function is busy, and continues where it was", async () => {
    const { records, run } = await ready();
    const busy = await run((id) => (id === "V2__b" ? { busy: true } : { answer: "" }));
    expect([busy, records()]).toEqual([{ type: "later", continuation: "busy" }, ["1"]]);
    await run(fine);
    expect(records()).toEqual(["1", "2"]);
  });

  it("begins a migration only when the invocation has enough time left", async () => {
    const { ids, run } = await ready();
    expect(await run(fine, 5)).toEqual({ type: "later", continuation: "2" });
    expect(ids()).toEqual(["V1__a"]);
  });

  it("finds out that another branch applied a version at the same moment, before the application changes", async () => {
    const { deps, run } = await ready();
    const key = `222222222222/us-east-1${ledgerPath("dev", line)}/1`;
    const other = { id: "V1__other", checksum: "c", branch: "feature", release: "v" };
    const error = await errorOf(() =>
      run(() => {
        deps.ledger.records.set(key, JSON.stringify(other));
        return { answer: "" };
      }),
    );
    expect(error?.message).toContain("applied twice at once in dev: as V1__a, and as V1__other from feature");
  });

  it("rejects migrations that do not fit the ledger before anything is changed", async () => {
    const deps = await pipelineFixture(files());
    await deps.ledger.record(
      { account: "222222222222", region: "us-east-1" },
      ledgerPath("dev", line),
      "1",
      JSON.stringify({ id: "V1__a", checksum: "other", branch: "main", release: "v" }),
    );
    expect((await errorOf(() => prepared(deps)))?.code).toBe("MigrationsConflict");
  });

  it("rejects a migration that is larger than a call takes", async () => {
    const error = await errorOf(() => ready({ "migrations/V3__c.sql": "x".repeat(1024 * 1024 + 1) }));
    expect([error?.code, error?.message]).toEqual([
      "MigrationsMalformed",
      "migrations/V3__c.sql has 1048577 bytes; 1048576 are allowed in one migration.",
    ]);
  });
});

it("requires a folder with migrations in the traits, and the function in the estate", async () => {
  const traits = (text: string) => ({ ...files(), ".traits/deployment.yml": text });
  const codeFor = async (text: string) => {
    const error = await errorOf(() => pipelineFixture(traits(text)));
    return [error?.code, error?.message];
  };
  expect(await codeFor("migrations: { function: f }")).toEqual([
    "HandlerNotAllowed",
    expect.stringContaining(
      "the function f for the migrations of dev. In dev the estate allows no function.",
    ),
  ]);
  expect(await codeFor("migrations: { folder: db }")).toEqual([
    "MigrationsMalformed",
    "The artifact has no migrations in db/.",
  ]);
  expect(await codeFor("migrations: {}")).toEqual([
    "MigrationsMalformed",
    expect.stringContaining("name no function"),
  ]);
});

it("keeps the traits' migrations in the release", async () => {
  const said = { folder: "db", function: "f", outOfOrder: true };
  const { release } = await pipelineFixture(files());
  const { manifest } = release;
  const everywhere = { ...manifest.traits.everywhere, migrations: said };
  const full = { ...release, manifest: { ...manifest, traits: { ...manifest.traits, everywhere } } };
  expect(parseRelease(formatRelease(full)).manifest.traits.everywhere.migrations).toEqual(said);
});

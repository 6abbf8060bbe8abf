/** Which files are migrations, in which order, what is pending given a ledger, and what is refused. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  describePending,
  formatRecord,
  type Ledger,
  parseRecord,
  pendingMigrations,
} from "#release/artifact/migration-ledger.ts";
import {
  type Migration,
  migrationFiles,
  migrationOf,
  parseMigrations,
} from "#release/artifact/migrations.ts";
import { errorOf } from "#test/release/samples.ts";

const inFolder = (...names: readonly string[]): readonly string[] =>
  names.map((name) => `migrations/${name}`);
const filesOf = (...names: readonly string[]) => migrationFiles(inFolder(...names), "migrations");
const idsOf = (...names: readonly string[]): readonly string[] => filesOf(...names).map(({ id }) => id);

describe("migrations", () => {
  it.each([
    [
      ["V10__c.sql", "V2_1__b.sql", "V2__a.sql"],
      ["V2__a", "V2_1__b", "V10__c"],
    ],
    [
      ["V1.2.0__b.sql", "V1.1__a.sql", "README.md", ".gitkeep"],
      ["V1.1__a", "V1.2.0__b"],
    ],
    [
      ["000010_b.up.sql", "000009_a.up.sql", "000009_a.down.sql"],
      ["000009_a", "000010_b"],
    ],
    [
      ["20260212140500_b.sql", "20260105093000_a.sql"],
      ["20260105093000_a", "20260212140500_b"],
    ],
  ])("migrations run %j in the order of their versions", (names, ids) => {
    expect(idsOf(...names)).toEqual(ids);
  });

  it.each([
    [["V1__a.sql", "V01.0__b.sql"], "migrations/V1__a.sql and migrations/V01.0__b.sql are both version 1."],
    [
      ["V1__a.sql", "2_b.sql"],
      "migrations/V1__a.sql is named like V1__name.sql, migrations/2_b.sql like 1_name.sql",
    ],
    [["R__views.sql"], "migrations/R__views.sql is named like no migration"],
    [["V1__a.sql", "old/V2__b.sql"], "migrations/old/V2__b.sql is named like no migration"],
    [["V1__what?.sql"], "migrations/V1__what?.sql is named like no migration"],
    [["1_a.up.sql", "2_b.down.sql"], "migrations/2_b.down.sql takes back a migration that is not there"],
    [["README.md"], "The artifact has no migrations in migrations/."],
  ])("migrations reject %j", async (names, words) => {
    const error = await errorOf(() => filesOf(...names));
    expect([error?.code, error?.message]).toEqual(["MigrationsMalformed", expect.stringContaining(words)]);
  });

  it("migrations run in one order, however they are listed", () => {
    const versions = fc.uniqueArray(
      fc.array(fc.integer({ min: 0, max: 30 }), { minLength: 1, maxLength: 3 }),
      {
        minLength: 1,
        maxLength: 8,
        selector: (numbers) => numbers.join(".").replace(/(\.0)+$/, ""),
      },
    );
    const shuffled = versions.chain((all) =>
      fc.tuple(fc.constant(all), fc.shuffledSubarray(all, { minLength: all.length })),
    );
    fc.assert(
      fc.property(shuffled, ([all, other]) => {
        const names = (some: readonly (readonly number[])[]) =>
          some.map((numbers) => `V${numbers.join("_")}__x.sql`);
        const sorted = [...all].sort((a, b) => {
          const at = [0, 1, 2].find((index) => (a[index] ?? 0) !== (b[index] ?? 0)) ?? 0;
          return (a[at] ?? 0) - (b[at] ?? 0);
        });
        const expected = names(sorted).map((name) => name.replace(".sql", ""));
        expect(idsOf(...names(other))).toEqual(expected);
      }),
    );
  });
});

describe("a migration is irreversible", () => {
  it.each([
    ["-- kedge: irreversible\ndrop table a;", true],
    ["-- by the ledger's team\n\n--  Kedge: IRREVERSIBLE, says the law\r\ndrop table a;", true],
    ["drop table a;\n-- kedge: irreversible", false],
    ["select '-- kedge: irreversible'", false],
  ])("is found by the head of the file: %j", (sql, irreversible) => {
    const [file] = filesOf("V1__a.sql");
    expect(file && migrationOf(file, sql).irreversible).toBe(irreversible);
  });

  it.each([
    [
      ["1_a.up.sql", "1_a.down.sql", "2_b.up.sql"],
      [false, true],
    ],
    [["1_a.up.sql"], [true]],
    [
      ["V1__a.sql", "U1__a.sql", "V2__b.sql"],
      [false, true],
    ],
    [
      ["V1__a.sql", "V2__b.sql"],
      [false, false],
    ],
  ])("is found by a missing counterpart in %j", (names, oneWay) => {
    expect(filesOf(...names).map((file) => migrationOf(file, "x").irreversible)).toEqual(oneWay);
  });

  it("gets one checksum for all line endings", () => {
    const [file] = filesOf("V1__a.sql");
    const sum = (sql: string) => file && migrationOf(file, sql).checksum;
    expect(sum("a\r\nb")).toBe(sum("a\nb"));
    expect(sum("a b")).not.toBe(sum("a\nb"));
  });
});

const migration = (version: number, sql = `v${version}`): Migration => {
  const [file] = filesOf(`V${version}__m.sql`);
  if (file === undefined) throw new TypeError("no migration");
  return migrationOf(file, sql);
};
const some = (...versions: readonly number[]) => versions.map((version) => migration(version));
const ledgerOf = (migrations: readonly Migration[]): Ledger =>
  new Map(
    migrations.map(({ version, id, checksum }) => [version, { id, checksum, branch: "main", release: "v" }]),
  );
const inOrder = { outOfOrder: false };

describe("pending migrations", () => {
  it.each([
    ["nothing was applied", [1, 2], [], [1, 2]],
    ["some were", [1, 2, 3], [1, 2], [3]],
    ["all were", [1, 2], [1, 2], []],
    ["an earlier version of the application comes back", [1], [1, 2], []],
  ])("pending migrations are those missing from the ledger: %s", (_, artifact, applied, pending) => {
    expect(pendingMigrations(some(...artifact), ledgerOf(some(...applied)), inOrder)).toEqual(
      some(...pending),
    );
  });

  it.each([
    ["comes late", [1, 2, 3], [1, 3], "V2__m comes before V3__m, which was applied already."],
    ["was applied and is gone", [1, 3], [1, 2], "V2__m was applied and is missing in the artifact."],
  ])(
    "pending migrations are rejected when one %s, unless order does not matter",
    async (_, artifact, applied, words) => {
      const pend = (outOfOrder: boolean) =>
        pendingMigrations(some(...artifact), ledgerOf(some(...applied)), { outOfOrder });
      const error = await errorOf(() => pend(false));
      expect([error?.code, error?.message]).toEqual(["MigrationsConflict", words]);
      expect(pend(true)).toEqual(some(...artifact.filter((version) => !applied.includes(version))));
    },
  );

  it("pending migrations are rejected when an applied migration has changed, in any order", async () => {
    const error = await errorOf(() =>
      pendingMigrations([migration(1, "other")], ledgerOf(some(1)), { outOfOrder: true }),
    );
    expect(error?.message).toBe("Version 1 was applied as V1__m from main; V1__m has another content.");
  });

  it("pending migrations run once each and in order, for any releases and interruptions", () => {
    const releases = fc.array(fc.record({ upTo: fc.integer({ min: 1, max: 9 }), breaksAfter: fc.nat(9) }));
    fc.assert(
      fc.property(releases, (all) => {
        const ran: Migration[] = [];
        for (const { upTo, breaksAfter } of all) {
          const artifact = some(...Array.from({ length: upTo }, (_, index) => index + 1));
          ran.push(...pendingMigrations(artifact, ledgerOf(ran), inOrder).slice(0, breaksAfter));
        }
        expect(ran).toEqual(some(...ran.map((_, index) => index + 1)));
      }),
    );
  });

  it("pending migrations are listed for the approver with the irreversible ones first, at any number", () => {
    const many = Array.from({ length: 60 }, (_, index) => ({
      ...migration(index),
      irreversible: index === 59,
    }));
    const said = describePending(many);
    expect(said).toMatch(/^IRREVERSIBLE: V59__m\. 60 pending: V0__m, /);
    expect(said.length).toBe(300);
    expect(describePending([])).toBe("no migrations are pending.");
  });
});

describe("the documents of migrations", () => {
  it("the documents of migrations are read back as they were written", () => {
    const record = { id: "V1__a", checksum: "c", branch: "main", release: "v1" };
    expect(parseRecord("1", formatRecord(record))).toEqual(record);
    expect(parseMigrations(JSON.stringify(some(1, 2)))).toEqual(some(1, 2));
  });

  it.each(["not json", '{"id":1}', "null"])(
    "the documents of migrations reject a record that Kedge did not write: %s",
    async (value) => {
      expect((await errorOf(() => parseRecord("1", value)))?.code).toBe("MigrationsConflict");
    },
  );

  it("the documents of migrations reject a foreign document of migrations", async () => {
    expect((await errorOf(() => parseMigrations("{}")))?.code).toBe("ReleaseDocumentMalformed");
  });
});

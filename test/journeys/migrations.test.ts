/**
 * Tests migrations with an application, and alone: each migration runs once per environment, in order, before
 * the application changes.
 */
import { readFile } from "node:fs/promises";
import { CloudFormationClient } from "@aws-sdk/client-cloudformation";
import { CodePipelineClient, ListActionExecutionsCommand } from "@aws-sdk/client-codepipeline";
import { GetParametersByPathCommand, SSMClient } from "@aws-sdk/client-ssm";
import { beforeAll, expect, test } from "vitest";
import { deployStack } from "#local-estate/deploy-stack.ts";
import type { Line } from "#release/names/key.ts";
import { ledgerPath, pipelineName } from "#release/names/names.ts";
import { writeZip } from "#release/zip/zip-write.ts";
import { estate, shopLine } from "#test/support/estate.ts";
import { exampleFiles } from "#test/support/golden.ts";

const shop = estate();

beforeAll(async () => {
  const body = await readFile("examples/ledger-migrations.yaml", "utf8");
  await Promise.all(
    ["dev", "prod"].map((environment) =>
      deployStack(shop.clients(CloudFormationClient, shop.accountOf(shopLine("x"), environment)), {
        name: "ledger-migrations",
        body,
        parameters: {},
      }),
    ),
  );
});

const parametersBelow = async (line: Line, environment: string, Path: string) => {
  const ssm = shop.clients(SSMClient, shop.accountOf(line, environment));
  const { Parameters = [] } = await ssm.send(new GetParametersByPathCommand({ Path }));
  return new Map(Parameters.map(({ Name = "", Value = "" }) => [Name.slice(Path.length + 1), Value]));
};

/** The migrations that the function has run, in their order. */
const ran = async (line: Line, environment: string): Promise<readonly string[]> =>
  (await parametersBelow(line, environment, "/ledger/database")).get(line.app)?.split(",") ?? [];

const recorded = async (line: Line, environment: string): Promise<readonly string[]> =>
  [...(await parametersBelow(line, environment, ledgerPath(environment, line))).keys()].sort();

const approvals = async (line: Line): Promise<readonly string[]> => {
  const { actionExecutionDetails = [] } = await shop
    .clients(CodePipelineClient, line.account)
    .send(new ListActionExecutionsCommand({ pipelineName: pipelineName(line) }));
  return actionExecutionDetails
    .filter(({ actionName }) => actionName === "Approve")
    .map(({ input }) => input?.resolvedConfiguration?.["CustomData"] ?? "");
};

const artifact = (sample: string, more: Readonly<Record<string, string>> = {}): Uint8Array =>
  writeZip([
    ...exampleFiles(sample),
    ...Object.entries(more).map(([name, content]) => ({ name: `migrations/${name}`, content })),
  ]);

test("migrations run once, before their application, and a failed one leaves the application unchanged", async () => {
  const line = shopLine("journey-migrations");
  const first = await shop.upload(line, artifact("ledger-database"));
  await shop.result(line, first, "waiting-for-approval");
  expect(await ran(line, "dev")).toEqual(["V1__create_entries", "V2__index_entries_by_account"]);
  expect([await ran(line, "prod"), await recorded(line, "prod")]).toEqual([[], []]);
  expect((await approvals(line))[0]).toContain(
    "2 pending: V1__create_entries, V2__index_entries_by_account.",
  );
  await shop.decide(line, "Approved", "change 4801");
  const released = await shop.result(line, first, "released");
  expect(released.template?.name).toBe("cloudformation");
  expect(await recorded(line, "prod")).toEqual(["1", "2"]);

  const drop = { "V3__drop_notes.sql": "-- kedge: irreversible\nalter table entries drop column notes;\n" };
  const second = await shop.upload(line, artifact("ledger-database", drop));
  await shop.result(line, second, "waiting-for-approval");
  expect((await approvals(line)).find((said) => said.includes("V3"))).toContain(
    "of the database's migrations in prod: IRREVERSIBLE: V3__drop_notes. 1 pending: V3__drop_notes.",
  );
  await shop.decide(line, "Approved", "change 4802");
  await shop.result(line, second, "released");
  const all = ["V1__create_entries", "V2__index_entries_by_account", "V3__drop_notes"];
  expect([await ran(line, "dev"), await ran(line, "prod")]).toEqual([all, all]);

  const wrong = { ...drop, "V4__wrong.sql": "creat table x (a int); -- s3cret\n" };
  const third = await shop.upload(line, artifact("ledger-database", wrong));
  const failed = await shop.result(line, third, "failed");
  expect(failed.reason.code).toBe("MigrationFailed");
  expect(failed.reason.sentence).toContain("V4__wrong failed in dev (account 222222222222, us-east-1)");
  expect(failed.reason.sentence).toContain('SyntaxError: near "creat"');
  expect(JSON.stringify(failed)).not.toContain("s3cret");
  expect(await shop.outputs(line, "dev")).toMatchObject({ KedgeVersion: second });
  expect(await recorded(line, "dev")).toEqual(["1", "2", "3"]);

  const changed = { ...drop, "V3__drop_notes.sql": "alter table entries drop column amount;\n" };
  const fourth = await shop.upload(line, artifact("ledger-database", changed));
  expect((await shop.result(line, fourth, "failed")).reason.code).toBe("MigrationsConflict");

  const tombstone = await shop.upload(line, new Uint8Array());
  await shop.result(line, tombstone, "torn-down");
  expect(await shop.stacksLeft(line)).toEqual([]);
  expect(await recorded(line, "prod")).toEqual(["1", "2", "3"]); // the database still exists
});

test("migrations alone are released to production and leave no stack behind", async () => {
  const line = shopLine("journey-schema");
  const version = await shop.upload(line, artifact("ledger-schema"));
  await shop.result(line, version, "waiting-for-approval");
  expect((await approvals(line))[0]).toContain("IRREVERSIBLE: 20260212140500_drop_notes. 2 pending:");
  await shop.decide(line, "Approved", "change 4803");
  const released = await shop.result(line, version, "released");
  expect(released.template?.name).toBe("database-migration");
  expect(await ran(line, "prod")).toEqual(["20260105093000_create_entries", "20260212140500_drop_notes"]);
  expect(await shop.outputs(line, "prod")).toMatchObject({ Ledger: ledgerPath("prod", line) });

  const tombstone = await shop.upload(line, new Uint8Array());
  await shop.result(line, tombstone, "torn-down");
  expect(await shop.stacksLeft(line)).toEqual([]);
});

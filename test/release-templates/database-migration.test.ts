/** Migrations alone, and beside applications of other templates: where they stand in the plan, and what the stack says. */
import { describe, expect, it } from "vitest";
import { preparesOnly } from "#release/plan/gate-order.ts";
import { drawPlan } from "#release/plan/plan-draw.ts";
import { noTraits } from "#release/traits/traits.ts";
import { databaseMigration } from "#templates/database-migration/template.ts";
import { releaseTemplates } from "#templates/index.ts";
import { errorOf, samRef, shop, shopTargets } from "#test/release/samples.ts";
import { exampleFiles, expectPlan, goldenCases, inspectFiles, planOf } from "#test/support/golden.ts";
import { sampleManifest } from "./sample-manifests.ts";

const handlers = { projects: [], functions: ["kedge-handler-ledger-migrations", "mainframe"] };

describe.each([
  ["ledger-schema", "database-migration"],
  ["ledger-database", "cloudformation-migrations"],
])("the plan of %s", (sample, file) => {
  it.each(goldenCases)("equals the golden plan for $name", async ({ name, line, targets }) => {
    const inspection = await inspectFiles(exampleFiles(sample));
    const allowing = targets.map((target) => ({ ...target, handlers }));
    await expectPlan(planOf(inspection, line, allowing), `../release-templates/golden/${file}.${name}.json`);
  });
});

it.each(releaseTemplates)("$name runs them after the approval and before any change", (template) => {
  const manifest = sampleManifest(template.name);
  const everywhere = { ...manifest.traits.everywhere, migrations: { function: "mainframe" } };
  const targets = shopTargets.map((target) => ({ ...target, handlers }));
  const settings = { region: "us-east-1", cacheBucket: "cache" };
  const plan = template.plan({
    ...{ line: shop, targets, settings, template: samRef },
    manifest: { ...manifest, traits: { ...manifest.traits, everywhere } },
  });
  for (const stage of plan.stages.slice(2)) {
    const at = (name: string) => stage.actions.find((action) => action.name === name)?.order;
    const migrates = at("Migrate") ?? 0;
    const asked = at("Approve");
    const changing = stage.actions.filter(({ order }) => order > migrates);
    expect(changing.length).toBeGreaterThan(0);
    if (asked !== undefined) expect(migrates).toBe(asked + 1);
    else {
      const before = stage.actions.filter(({ order }) => order < migrates);
      expect(before.length).toBeGreaterThan(0);
      expect(before.filter((action) => !preparesOnly(action))).toEqual([]);
    }
  }
});

it("names every environment of a wave in the message, up to its limit", async () => {
  const inspection = await inspectFiles(exampleFiles("ledger-schema"));
  const [dev] = shopTargets;
  const wave = Array.from({ length: 16 }, (_, index) => ({
    ...{ ...dev, environment: `client${index}-prod`, names: ["prod"], wave: "prod", account: "666666666666" },
    ...{ region: "us-east-1", approval: true, approvalTimeoutMinutes: 60, protected: true, handlers },
  }));
  const { stages } = planOf(inspection, shop, wave);
  const messages = stages.flatMap(({ actions }) =>
    actions.flatMap((action) => (action.type === "approve" ? [action.message] : [])),
  );
  expect(messages.length).toBeGreaterThan(0);
  for (const message of messages) {
    expect(message).toMatch(/#\{client\d+-prod-prepared\.Migrations\}/);
    expect(message).toMatch(/In client\d+-prod: #\{client\d+-prod-prepared\.MigrationCount\}\./);
    expect(message.replaceAll(/#\{[A-Za-z0-9.-]+\}/g, "")).not.toContain("#{");
    expect(message.length).toBeLessThanOrEqual(1000);
  }
});

it("shows them in the drawing of the plan", async () => {
  const inspection = await inspectFiles(exampleFiles("ledger-schema"));
  const reached = shopTargets.map((target) => ({ ...target, handlers }));
  expect(drawPlan(planOf(inspection, shop, reached))).toMatch(
    /Migrate +runs the migrations that the database does not have yet/,
  );
});

it("is rejected without a function that runs them", async () => {
  const manifest = { ...sampleManifest("database-migration"), traits: noTraits };
  const settings = { region: "us-east-1", cacheBucket: "cache" };
  const request = { line: shop, targets: shopTargets, settings, template: samRef, manifest };
  const error = await errorOf(() => databaseMigration.plan(request));
  expect([error?.code, error?.message]).toEqual([
    "MigrationsMalformed",
    expect.stringContaining("name no function that runs them in dev"),
  ]);
});

it("recognises migrations only when the artifact has nothing else", async () => {
  const fitting = async (sample: string) => (await inspectFiles(exampleFiles(sample))).template.template.name;
  expect([await fitting("ledger-schema"), await fitting("ledger-database")]).toEqual([
    "database-migration",
    "cloudformation",
  ]);
});

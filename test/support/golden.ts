/** Compares the plans of a sample application with golden files that were reviewed. */
import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { expect } from "vitest";
import { parseEstate } from "#release/estate/estate-parse.ts";
import type { Line } from "#release/names/key.ts";
import type { Plan } from "#release/plan/plan.ts";
import { checkPlan } from "#release/plan/plan-limits.ts";
import { type Inspection, inspectArtifact } from "#release/template/inspect.ts";
import type { Target } from "#release/traits/targets.ts";
import { bytesReader } from "#release/zip/range-reader.ts";
import { writeZip } from "#release/zip/zip-write.ts";
import { loadedTemplates, shop, shopTargets, target } from "#test/release/samples.ts";

type ExampleFile = { readonly name: string; readonly content: Uint8Array | string };

export function exampleFiles(example: string): readonly ExampleFile[] {
  const folder = join("examples", example);
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((name) => statSync(join(folder, name)).isFile())
    .map((name) => ({ name: name.replaceAll("\\", "/"), content: readFileSync(join(folder, name)) }))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}

export const inspectFiles = (files: readonly ExampleFile[]): Promise<Inspection> =>
  inspectArtifact({
    reader: bytesReader(writeZip([...files])),
    templates: loadedTemplates,
    environments: shopTargets.map(({ environment }) => environment),
    limits: parseEstate(readFileSync("examples/estate.yml", "utf8")).limits,
  });

/** Makes the plan. Throws when it exceeds CodePipeline's limits. */
export function planOf({ template, manifest }: Inspection, line: Line, targets: readonly Target[]): Plan {
  const settings = { region: "us-east-1", cacheBucket: `kedge-cache-${line.account}-us-east-1` };
  const ref = { ...template.ref, sha256: "0".repeat(64) };
  return checkPlan(template.template.plan({ line, manifest, targets, settings, template: ref }));
}

const [dev, qa, prod] = shopTargets;
const present = (...targets: readonly (Target | undefined)[]): readonly Target[] =>
  targets.filter((target) => target !== undefined);

/** Two tenants, each with the environment in an account of its own. */
const tenants = (rung: string, approval: boolean): readonly Target[] =>
  ["acme", "globex"].map((tenant, index) => ({
    ...target(`${tenant}-${rung}`, `${index + 6}`.repeat(12), approval),
    names: [rung, `${tenant}-${rung}`],
    tenant,
    wave: rung,
  }));

/** The cases in which every release template is planned. */
export const goldenCases = [
  { name: "feature", line: { ...shop, branch: "feature/login" }, targets: present(dev) },
  { name: "main", line: shop, targets: present(dev, qa, prod) },
  { name: "excluded", line: shop, targets: present(dev, prod) },
  { name: "tenants", line: shop, targets: [...tenants("dev", false), ...tenants("prod", true)] },
] as const;

export async function expectGolden(
  example: string,
  { name, line, targets }: (typeof goldenCases)[number],
): Promise<void> {
  const inspection = await inspectFiles(exampleFiles(example));
  const plan = planOf(inspection, line, targets);
  const file = `../release-templates/golden/${inspection.template.template.name}.${name}.json`;
  await expectPlan(plan, file);
}

/** `file` is relative to the test's file. */
export const expectPlan = async (plan: Plan, file: string): Promise<void> =>
  await expect(`${formatted(plan)}\n`).toMatchFileSnapshot(file);

const lineWidth = 110;
const plainLists = /^(.*)\[\n((?: *(?:"(?:[^"\\]|\\.)*"|[-\d.]+|true|false|null),?\n)+) *\](,?)$/gm;

/**
 * Formats as the linter requires, which checks these files as well: a list of plain values is on one line
 * when it fits.
 */
const formatted = (plan: Plan): string =>
  JSON.stringify(plan, undefined, 2).replace(plainLists, (whole, before, items, comma) => {
    const line = `${before}[${items.trim().replace(/,\n */g, ", ")}]${comma}`;
    return line.length > lineWidth ? whole : line;
  });

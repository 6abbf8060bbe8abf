/** Golden plans: what a release template plans for the usual lines, kept as data for people to review. */
import { expect } from "vitest";
import type { Manifest } from "#release/manifest.ts";
import type { Plan } from "#release/plan.ts";
import { checkPlan } from "#release/plan-limits.ts";
import type { Target } from "#release/targets.ts";
import type { ReleaseTemplate } from "#release/template.ts";
import { shop, shopTargets } from "#test/release/samples.ts";

/** Targets by the name of the golden file they give. */
export const lines: Readonly<Record<string, readonly Target[]>> = {
  feature: shopTargets.slice(0, 1),
  main: shopTargets,
  excluded: shopTargets.filter(({ environment }) => environment !== "qa"),
};

export const planFor = (
  template: ReleaseTemplate,
  manifest: Manifest,
  targets: readonly Target[],
  branch = "main",
): Plan =>
  checkPlan(
    template.plan({
      line: { ...shop, branch },
      manifest,
      targets,
      settings: { region: "us-east-1", cacheBucket: "kedge-cache-111111111111-us-east-1" },
      template: { name: template.name, version: template.version, sha256: "a".repeat(64) },
    }),
  );

export async function expectGolden(
  template: ReleaseTemplate,
  manifest: Manifest,
  name: string,
  targets: readonly Target[] = lines[name] ?? [],
): Promise<void> {
  const plan = planFor(template, manifest, targets, name === "feature" ? "feature/x" : "main");
  const file = `golden/${template.name}.${name}.json`;
  await expect(`${JSON.stringify(plan, null, 2)}\n`).toMatchFileSnapshot(file);
}

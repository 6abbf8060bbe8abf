/**
 * Tests that uploader and approver are compared before each approved environment changes, on the plans of every
 * release template.
 */
import { describe, expect, it } from "vitest";
import { checkGateOrder } from "#release/plan/gate-order.ts";
import type { Plan } from "#release/plan/plan.ts";
import { checkPlan } from "#release/plan/plan-limits.ts";
import { withSeparateDuties } from "#release/plan/separate-duties.ts";
import { releaseTemplates } from "#templates/index.ts";
import { samRef, shop, shopTargets, target } from "#test/release/samples.ts";
import { sampleManifest } from "#test/release-templates/sample-manifests.ts";

const handlers = {
  projects: ["letters", "kedge-handler-letters"],
  functions: ["letters", "mainframe", "kedge-handler-ledger-migrations", "kedge-handler-letters", "uploads"],
};
const settings = { region: "us-east-1", cacheBucket: "cache" };
const separate = { handlers, separateDuties: "uploaders" as const };
const ladder = shopTargets.map((each) => ({ ...each, ...(each.approval ? separate : { handlers }) }));
const wave = ["acme", "globex"].map((tenant, index) => ({
  ...target(`${tenant}-prod`, `${index + 6}`.repeat(12), true),
  ...{ ...separate, names: ["prod", `${tenant}-prod`], tenant, wave: "prod" },
}));

/** The names of the first actions after the approval, for each environment with separate duties. */
const firstActions = ({ stages, targets }: Plan): readonly (readonly string[])[] =>
  targets
    .filter(({ separateDuties }) => separateDuties !== undefined)
    .map(({ environment }) => {
      const of = stages.find(({ actions }) =>
        actions.some((action) => "target" in action && action.target.environment === environment),
      );
      const asked = of?.actions.find(({ type }) => type === "approve")?.order ?? 0;
      const own = (of?.actions ?? []).filter(
        (action) => "target" in action && action.target.environment === environment && action.order > asked,
      );
      const first = Math.min(...own.map(({ order }) => order));
      return own.filter(({ order }) => order === first).map(({ name }) => name.split(".")[0] ?? "");
    });

describe.each(releaseTemplates)("a plan of the release template $name", (template) => {
  const request = { line: shop, settings, template: samRef, manifest: sampleManifest(template.name) };

  it.each([
    ["one environment after another", ladder],
    ["a wave of environments", wave],
  ])("compares people first after an approval in %s", (_, targets) => {
    const plan = checkGateOrder(
      checkPlan(withSeparateDuties(template.plan({ ...request, targets }))),
      targets,
    );
    const first = firstActions(plan);
    expect(first.length).toBeGreaterThan(0);
    for (const names of first) expect([["Execute"], ["Duties"]]).toContainEqual(names);
  });

  it("stays as it is without separate duties", () => {
    const plan = template.plan({ ...request, targets: shopTargets.map((each) => ({ ...each, handlers })) });
    expect(withSeparateDuties(plan)).toEqual(plan);
  });
});

/**
 * Tests that no release template acts in an environment before its approval, on the plans of every template and of
 * every example.
 */
import { readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { checkGateOrder, preparesOnly } from "#release/plan/gate-order.ts";
import type { Action, Plan } from "#release/plan/plan.ts";
import { releaseTemplates } from "#templates/index.ts";
import { codeOf, errorOf, samRef, shop, shopTargets, target } from "#test/release/samples.ts";
import { sampleManifest } from "#test/release-templates/sample-manifests.ts";
import { exampleFiles, inspectFiles } from "#test/support/golden.ts";

const handlers = {
  projects: ["letters", "kedge-handler-letters"],
  functions: ["letters", "mainframe", "kedge-handler-ledger-migrations", "kedge-handler-letters", "uploads"],
};
const settings = { region: "us-east-1", cacheBucket: "cache" };
const reached = shopTargets.map((each) => ({ ...each, handlers }));
const wave = ["acme", "globex"].map((tenant, index) => ({
  ...target(`${tenant}-prod`, `${index + 6}`.repeat(12), true),
  ...{ names: ["prod", `${tenant}-prod`], tenant, wave: "prod", handlers },
}));

/** The kinds of actions that stand before the approval of any environment in the plan. */
function kindsBeforeGates({ stages }: Plan): ReadonlySet<string> {
  return new Set(
    stages.flatMap(({ actions }) => {
      const asked = actions.find(({ type }) => type === "approve");
      return actions.flatMap(({ type, order }) => (asked && order < asked.order ? [type] : []));
    }),
  );
}

describe.each(releaseTemplates)("the release template $name", (template) => {
  const request = { line: shop, settings, template: samRef, manifest: sampleManifest(template.name) };

  it.each([
    ["one environment after another", reached],
    ["a wave of environments", wave],
  ])("only prepares before an approval in %s", (_, targets) => {
    const plan = checkGateOrder(template.plan({ ...request, targets }), targets);
    const harmless = ["prepare", "change-set", "build", "worker"];
    expect([...kindsBeforeGates(plan)].filter((kind) => !harmless.includes(kind))).toEqual([]);
    const stage = plan.stages.at(-1);
    const asked = stage?.actions.find(({ type }) => type === "approve")?.order ?? 0;
    const before = stage?.actions.filter(({ order }) => order < asked) ?? [];
    expect(before.length).toBeGreaterThan(0);
    expect(before.filter((action) => !preparesOnly(action))).toEqual([]);
  });

  it("is refused when the approval moves behind the first action that acts", async () => {
    const plan = template.plan({ ...request, targets: reached });
    const late = (action: Action): Action => (action.type === "approve" ? { ...action, order: 999 } : action);
    const stages = plan.stages.map((stage) => ({ ...stage, actions: stage.actions.map(late) }));
    const error = await errorOf(() => checkGateOrder({ ...plan, stages }, reached));
    expect(error?.code).toBe("TemplateFailed");
    expect(error?.message).toContain("acts in prod before its approval.");
  });
});

describe.each(readdirSync("examples").filter((name) => statSync(join("examples", name)).isDirectory()))(
  "the example %s",
  (example) => {
    it("is planned without an action before a gate", async () => {
      const { template, manifest } = await inspectFiles(exampleFiles(example));
      const plan = template.template.plan({
        line: shop,
        settings,
        template: samRef,
        manifest,
        targets: reached,
      });
      expect(checkGateOrder(plan, reached)).toBe(plan);
    });
  },
);

describe("the order at a gate", () => {
  const [sam] = releaseTemplates.filter(({ name }) => name === "sam");
  const plan = (): Plan => {
    if (sam === undefined) throw new TypeError("There is no release template sam.");
    return sam.plan({
      ...{ line: shop, settings, template: samRef, targets: reached },
      manifest: sampleManifest("sam"),
    });
  };
  const changed = (change: (action: Action) => readonly Action[]): Plan => ({
    ...plan(),
    stages: plan().stages.map((stage) => ({ ...stage, actions: stage.actions.flatMap(change) })),
  });

  it("is decided by the estate's environments, not by the plan's copy of them", async () => {
    const without = changed((action) => (action.type === "approve" ? [] : [action]));
    expect(await codeOf(() => checkGateOrder(without, reached))).toBe("TemplateFailed");
  });

  it("does not count an approval that runs at the same time as the action", async () => {
    const parallel = changed((action) =>
      action.type === "approve" ? [{ ...action, order: action.order + 1 }] : [action],
    );
    expect(await codeOf(() => checkGateOrder(parallel, reached))).toBe("TemplateFailed");
  });

  it("does not count an approval of another environment", async () => {
    const [dev] = reached;
    const foreign = changed((action) =>
      action.type === "approve" && dev ? [{ ...action, target: dev }] : [action],
    );
    expect(await codeOf(() => checkGateOrder(foreign, reached))).toBe("TemplateFailed");
  });

  it("takes a change set from before an approval only with its clearance, unless the template is older", async () => {
    const stage = changed((action) => {
      if (action.type !== "execute-cleared") return [action];
      const { name, order, target: environment, stackName, namespace } = action;
      const common = { order, target: environment, stackName };
      const files = { input: "prepared", template: "prepared::t", configuration: "prepared::c" };
      return [
        {
          ...common,
          ...files,
          type: "change-set",
          name: "ChangeSet",
          order: 1,
          changeSetName: "c",
          capabilities: [],
        },
        { ...common, type: "execute", name, changeSetName: "c", namespace },
      ];
    });
    const error = await errorOf(() => checkGateOrder(stage, reached));
    expect(error?.code).toBe("TemplateFailed");
    expect(error?.message).toContain(
      "prod/Execute executes a change set from before the approval of prod and compares no clearance.",
    );
    expect(checkGateOrder(stage, reached, { beforeClearances: true })).toBe(stage);
  });

  it("lets a build before the gate only in the planning project with its own buildspec", () => {
    const [prod] = reached;
    if (prod === undefined) throw new TypeError("There is no target.");
    const build = { type: "build", name: "Plan", order: 1, target: prod, inputs: [], variables: {} } as const;
    expect(preparesOnly({ ...build, project: "kedge-plan" })).toBe(true);
    expect(preparesOnly({ ...build, project: "kedge-plan", buildspec: "x.yml" })).toBe(false);
    expect(preparesOnly({ ...build, project: "kedge-app-x" })).toBe(false);
  });
});

import { describe, expect, it } from "vitest";
import type { Action, Plan } from "#release/plan/plan.ts";
import { drawPlan } from "#release/plan/plan-draw.ts";
import { checkPlan, planDigest } from "#release/plan/plan-limits.ts";
import { releaseTemplates } from "#templates/index.ts";
import { plan } from "#test/release/line/observations.ts";
import { errorOf, manifest, samRef, shop, shopTargets, target } from "#test/release/samples.ts";
import { sampleManifest } from "#test/release-templates/sample-manifests.ts";

const settings = { region: "us-east-1", cacheBucket: "kedge-cache-111111111111-us-east-1" };
const actionsOf = (stage: string): readonly string[] =>
  plan.stages.find(({ name }) => name === stage)?.actions.map(({ order, name }) => `${order} ${name}`) ?? [];

/** The plan with every action of one type changed. */
const withActions = (change: (action: Action) => Action): Plan => ({
  ...plan,
  stages: plan.stages.map((stage) => ({ ...stage, actions: stage.actions.map(change) })),
});

describe.each(releaseTemplates)("the plan of $name", (template) => {
  const manifest = sampleManifest(template.name);
  const targets = shopTargets.map((each) => ({
    ...each,
    handlers: { projects: [], functions: ["mainframe"] },
  }));
  const planOf = (more: Partial<Parameters<typeof template.plan>[0]> = {}): Plan =>
    template.plan({ line: shop, manifest, targets, settings, template: samRef, ...more });

  it("has a stage for each environment, in order", () => {
    expect(planOf().stages.map(({ name }) => name)).toEqual(["Source", "Package", "dev", "qa", "prod"]);
  });

  it("stays within the limits of a pipeline", () => {
    expect(checkPlan(planOf())).toEqual(planOf());
  });

  it("is the same bytes for the same input", () => {
    expect(planDigest(planOf())).toBe(planDigest(planOf()));
  });

  it.each([
    ["the targets", { targets: targets.slice(0, 1) }],
    ["the release template's version", { template: { ...samRef, version: "1.0.1" } }],
    ["the smoke test", { manifest: { ...manifest, smoke: { kind: "none" } as const } }],
    ["an approval", { targets: targets.map((each) => ({ ...each, approval: true })) }],
  ])("gets another digest with %s", (_, more) => {
    expect(planDigest(planOf(more))).not.toBe(planDigest(planOf()));
  });

  it.each([
    ["the template's place", { manifest: { ...manifest, template: "other.yaml" } }],
    [
      "parameter files",
      { manifest: { ...manifest, parameters: { byEnvironment: { dev: "parameters/dev.json" } } } },
    ],
  ])("does not change with %s", (_, more) => {
    expect(planDigest(planOf(more))).toBe(planDigest(planOf()));
  });
});

describe("a plan", () => {
  it("tests each environment after it is deployed", () => {
    expect(actionsOf("dev")).toEqual([
      "1 Prepare",
      "2 ChangeSet",
      "3 Execute",
      "4 SmokeInput",
      "5 SmokeTest",
    ]);
  });

  it("asks for approval between Prepare, which makes the change sets, and their execution", () => {
    const prod = plan.stages.find(({ name }) => name === "prod");
    expect(actionsOf("prod")).toEqual(["1 Prepare", "2 Approve", "3 Execute", "4 SmokeInput", "5 SmokeTest"]);
    expect(prod?.actions).toMatchObject([
      { type: "prepare", gated: true },
      { type: "approve", message: expect.stringContaining("#{prod-prepared.Clearance}") },
      { type: "execute-cleared", clearance: "#{prod-prepared.Clearance}" },
      {},
      {},
    ]);
  });

  it.each<[string, Plan, string]>([
    [
      "too many stages",
      {
        ...plan,
        stages: [
          ...plan.stages,
          ...plan.stages
            .slice(1)
            .flatMap((stage) =>
              Array.from({ length: 20 }, (_, index) => ({ ...stage, name: `${stage.name}${index}` })),
            ),
        ],
      },
      "The pipeline has 85 stages; 2 to 50 are allowed.",
    ],
    [
      "a stage twice",
      { ...plan, stages: [...plan.stages, { name: "dev", actions: [] }] },
      "Two stages are named dev.",
    ],
    [
      "a bad name",
      { ...plan, stages: [...plan.stages, { name: "d e v", actions: [] }] },
      "CodePipeline does not accept the stage name d e v.",
    ],
    [
      "no actions",
      { ...plan, stages: [...plan.stages, { name: "empty", actions: [] }] },
      "Stage empty has 0 actions; 1 to 50 are allowed.",
    ],
    [
      "an input nobody makes",
      withActions((action) => (action.type === "change-set" ? { ...action, input: "Nothing" } : action)),
      "ChangeSet takes Nothing, and no earlier action makes it.",
    ],
    [
      "an output twice",
      withActions((action) => (action.type === "prepare" ? { ...action, output: "Prepared" } : action)),
      "Two outputs have the name Prepared.",
    ],
    [
      "a namespace like an artifact",
      withActions((action) => (action.type === "package" ? { ...action, namespace: "Release" } : action)),
      "Two outputs have the name Release.",
    ],
    [
      "an approval for ever",
      withActions((action) => (action.type === "approve" ? { ...action, timeoutMinutes: 100_000 } : action)),
      "prod/Approve waits 100000 minutes; 5 to 86400 are allowed.",
    ],
    [
      "a long message",
      withActions((action) =>
        action.type === "approve" ? { ...action, message: "x".repeat(1001) } : action,
      ),
      "The message of prod/Approve has 1001 characters",
    ],
    [
      "a source in the middle",
      withActions((action) =>
        action.type === "package" ? { ...action, type: "source", bucket: "b", key: "k" } : action,
      ),
      "Package/Package: the first stage has source actions only, and no other stage has them.",
    ],
    [
      "actions of one name",
      withActions((action) => ({ ...action, name: "Same" })),
      "Stage dev has two actions named Same.",
    ],
  ])("is rejected with %s", async (_, beyond, message) => {
    const error = await errorOf(() => checkPlan(beyond));
    expect(error?.code).toBe("PlanOutOfLimits");
    expect(error?.message).toContain(message);
  });
});

describe("the drawing of a plan", () => {
  it("shows stages, accounts and gates", () => {
    expect(
      drawPlan({ ...plan, stages: plan.stages.filter(({ name }) => ["Source", "prod"].includes(name)) }),
    ).toBe(
      `shop · main
release template sam 1.0.0
pipeline kedge-line-v6ijjfkrqqp6--shop-main
in 111111111111 (us-east-1)

╭─ Source ───────────────────────────────────────────────────────────────╮
│ ● Source     the release bundle, which names the artifact's version    │
╰────────────────────────────────────┬───────────────────────────────────╯
                                     ▼
╭─ prod (protected) ────────────────────────── 444444444444 · us-east-1 ─╮
│ ● Prepare    fits parameters to prod                                   │
│ ◆ Approve    waits up to 7 days for an approver                        │
│ ● Execute    deploys exactly what was approved                         │
│ ● SmokeInput the stack's outputs, as variables                         │
│ ● SmokeTest  the artifact's own test                                   │
╰────────────────────────────────────────────────────────────────────────╯
`,
    );
  });

  it("keeps its lines of one width, however long the names", () => {
    const line = { account: shop.account, app: "a".repeat(60), branch: "ö".repeat(60) };
    const targets = [target("e".repeat(30), "222222222222")];
    const wide = releaseTemplates[0]?.plan({ line, manifest, targets, settings, template: samRef }) ?? plan;
    const boxes = drawPlan(wide)
      .split("\n")
      .filter((row) => /^[╭│╰]/.test(row));
    expect(new Set(boxes.map((row) => [...row].length)).size).toBe(1);
  });
});

/** Tests the events of lines: one for each change that people or programs wait for. */
import { describe, expect, it } from "vitest";
import { lineEventOf } from "#release/line/line-event.ts";
import type { ActionRun, Execution } from "#release/line/observation.ts";
import { keepOverridden, overrideEvents } from "#release/line/overridden.ts";
import type { Result } from "#release/line/result.ts";

const result = (over: Partial<Result>): Result => ({
  schema: 1,
  key: "111111111111/shop/main/latest.zip",
  line: { account: "111111111111", app: "shop", branch: "main" },
  version: "v1",
  status: "releasing",
  reason: { code: "Deploying", sentence: "In dev." },
  execution: "execution-1",
  stages: [],
  updatedAt: "2026-01-02T03:04:05.000Z",
  ...over,
});

const failed = (code: Result["reason"]["code"]): Partial<Result> => ({
  status: "failed",
  reason: { code, sentence: "Why." },
});

const stage = (name: string, status: Result["stages"][number]["status"]) => ({ name, status, actions: [] });

const waiting = (name: string): Result =>
  result({
    status: "waiting-for-approval",
    reason: { code: "WaitingForApproval", sentence: `${name}: waits.` },
    stages: [stage("dev", "Succeeded"), stage(name, "InProgress")],
  });

const prepared = (environment: string): ActionRun => ({
  stage: "prod",
  action: environment === "" ? "Prepare" : `Prepare.${environment}`,
  status: "Succeeded",
  variables: { Clearance: `digest of ${environment}`, ReviewPage: "https://review" },
});

const execution = (...actions: readonly ActionRun[]): Execution => ({
  id: "execution-1",
  status: "InProgress",
  actions,
});

describe("an event of a line", () => {
  it.each<[string, Partial<Result>]>([
    ["released", { status: "released", reason: { code: "Released", sentence: "Done." } }],
    ["approval.refused", failed("ApprovalRejected")],
    ["clearance.broken", failed("ClearanceBroken")],
    ["clearance.broken", failed("EnvironmentStopped")],
    ["failed", failed("DeploymentFailed")],
    ["rejected", { status: "rejected", reason: { code: "RuleBroken", sentence: "No." } }],
    ["superseded", { status: "superseded", reason: { code: "Superseded", sentence: "Newer." } }],
    ["torn-down", { status: "torn-down", reason: { code: "TornDown", sentence: "Gone." } }],
  ])("has the type %s", (type, over) => {
    const event = lineEventOf(result({}), result(over), undefined);
    expect(event).toMatchObject({ schema: 1, type, version: "v1", code: over.reason?.code });
  });

  it("names the clearance and the review of each environment that waits", () => {
    const runs = [prepared("prod-eu"), prepared("prod-us")];
    expect(lineEventOf(result({}), waiting("prod"), execution(...runs))).toMatchObject({
      type: "approval.waiting",
      stage: "prod",
      clearances: [
        { environment: "prod-eu", clearance: "digest of prod-eu", review: "https://review" },
        { environment: "prod-us", clearance: "digest of prod-us" },
      ],
    });
  });

  it("comes again when the same version waits in another stage, and not when only words change", () => {
    const before = waiting("qa");
    expect(lineEventOf(before, waiting("prod"), undefined)?.stage).toBe("prod");
    const reworded = { ...before, reason: { ...before.reason, sentence: "Other words." } };
    expect(lineEventOf(before, reworded, undefined)).toBeUndefined();
  });

  it("is not published for progress", () => {
    expect(lineEventOf(undefined, result({}), undefined)).toBeUndefined();
  });
});

describe("an overridden condition", () => {
  const passed = { ...stage("prod", "InProgress"), overridden: true };
  const before = result({ stages: [stage("dev", "Succeeded"), stage("prod", "Pending")] });
  const after = result({ stages: [stage("dev", "Succeeded"), passed] });

  it("is one event, of its stage", () => {
    expect(overrideEvents(before, after)).toMatchObject([
      { type: "stage.overridden", stage: "prod", execution: "execution-1", version: "v1" },
    ]);
    expect(overrideEvents(after, after)).toEqual([]);
    expect(overrideEvents(after, { ...after, execution: "execution-2" })).toHaveLength(1);
  });

  it("stays in the result of its execution, which CodePipeline no longer shows", () => {
    expect(keepOverridden(before, after).stages[1]?.overridden).toBe(true);
    expect(keepOverridden({ ...before, execution: "execution-2" }, after).stages[1]?.overridden).toBe(
      undefined,
    );
  });
});

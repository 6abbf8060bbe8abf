import { describe, expect, it } from "vitest";
import type { Rule, Stage } from "#cloud/pipeline/declaration.ts";
import { play, stage } from "./play.ts";

const line = (deploy: Partial<Stage> = {}) => [
  stage("Source", "src"),
  { ...stage("Deploy", "one", "two", { name: "three", order: 2 }), ...deploy },
  stage("After", "after"),
];
const code = (name: string) => expect.objectContaining({ code: name });
const rule = (name: string): Rule => ({
  name,
  ruleTypeId: { category: "Rule", owner: "AWS", provider: "VariableCheck", version: "1" },
  configuration: {},
  inputArtifacts: [],
});
const condition = (result: "FAIL" | "SKIP" | "ROLLBACK", ...rules: string[]) => ({
  conditions: [{ result, rules: rules.map(rule) }],
});

/** A pipeline in which `x` failed in Deploy: action `one` succeeded, action `two` failed. */
const failed = (deploy: Partial<Stage> = {}) => {
  const pipeline = play(line(deploy));
  pipeline.start("x");
  pipeline.ends("x", "src");
  pipeline.ends("x", "one");
  pipeline.ends("x", "two", "Failed");
  return pipeline;
};
/** A pipeline in which `good` succeeded. */
const proven = (deploy: Partial<Stage> = {}) => {
  const pipeline = play(line(deploy));
  pipeline.start("good");
  for (const action of ["src", "one", "two", "three", "after"]) pipeline.ends("good", action);
  return pipeline;
};

describe("retrying a stage", () => {
  it("runs the failed actions again and goes on within the same execution", () => {
    const pipeline = failed();
    pipeline.does({ kind: "retry", stage: "Deploy", execution: "x", mode: "FAILED_ACTIONS" });
    expect(pipeline.running()).toEqual(["x:two"]);
    expect(pipeline.status("x")).toBe("InProgress");
    expect(pipeline.execution("x").attempt).toBe(2);
    expect(pipeline.events().slice(-3)).toEqual(["x pipeline RESUMED", "x Deploy RESUMED", "x two STARTED"]);
    for (const action of ["two", "three", "after"]) pipeline.ends("x", action);
    expect(pipeline.status("x")).toBe("Succeeded");
  });

  it("runs all actions again when asked", () => {
    const pipeline = failed();
    pipeline.does({ kind: "retry", stage: "Deploy", execution: "x", mode: "ALL_ACTIONS" });
    expect(pipeline.running()).toEqual(["x:one", "x:two"]);
  });

  it("may begin with failed actions while siblings still run, but not with all", () => {
    const pipeline = play(line());
    pipeline.start("x");
    pipeline.ends("x", "src");
    pipeline.ends("x", "two", "Failed");
    const retry = (mode: "FAILED_ACTIONS" | "ALL_ACTIONS") => () =>
      pipeline.does({ kind: "retry", stage: "Deploy", execution: "x", mode });
    expect(retry("ALL_ACTIONS")).toThrow(code("StageNotRetryableException"));
    retry("FAILED_ACTIONS")();
    expect(pipeline.running()).toEqual(["x:one", "x:two"]);
  });

  it("is refused once a newer execution has entered the stage", () => {
    const pipeline = failed();
    pipeline.start("y");
    pipeline.ends("y", "src");
    expect(() =>
      pipeline.does({ kind: "retry", stage: "Deploy", execution: "x", mode: "FAILED_ACTIONS" }),
    ).toThrow(code("NotLatestPipelineExecutionException"));
  });

  it("is refused after the pipeline was updated, and for a stage that did not fail", () => {
    const pipeline = failed();
    expect(() =>
      pipeline.does({ kind: "retry", stage: "Source", execution: "x", mode: "ALL_ACTIONS" }),
    ).toThrow(code("StageNotRetryableException"));
    const { declaration } = pipeline.does({
      kind: "transition",
      stage: "After",
      side: "inbound",
      transition: { enabled: true, by: "me", at: new Date(0) },
    });
    pipeline.does({ kind: "update", declaration: { ...declaration, version: 2 } });
    expect(() =>
      pipeline.does({ kind: "retry", stage: "Deploy", execution: "x", mode: "ALL_ACTIONS" }),
    ).toThrow(code("StageNotRetryableException"));
  });

  it("continues a stopped stage where it stopped", () => {
    const pipeline = play(line());
    pipeline.start("x");
    pipeline.ends("x", "src");
    pipeline.ends("x", "one");
    pipeline.does({ kind: "stop", execution: "x", abandon: true });
    pipeline.does({ kind: "retry", stage: "Deploy", execution: "x", mode: "FAILED_ACTIONS" });
    expect(pipeline.running()).toEqual(["x:two"]);
  });

  it("happens automatically exactly once when the stage declares it", () => {
    const pipeline = failed({
      onFailure: { result: "RETRY", retryConfiguration: { retryMode: "ALL_ACTIONS" } },
    });
    expect(pipeline.running()).toEqual(["x:one", "x:two"]);
    expect(pipeline.execution("x").stages["Deploy"]).toMatchObject({
      autoRetries: 1,
      latestRetry: "AutomatedStageRetry",
    });
    pipeline.ends("x", "one");
    pipeline.ends("x", "two", "Failed");
    expect(pipeline.status("x")).toBe("Failed");
  });
});

describe("rolling a stage back", () => {
  it("runs only the stage again, in a new execution with the target's artifacts", () => {
    const pipeline = proven();
    const { answer } = pipeline.does({ kind: "rollback", stage: "Deploy", target: "good" });
    expect(pipeline.execution(answer)).toMatchObject({
      type: "ROLLBACK",
      rollbackTarget: "good",
      trigger: { triggerType: "ManualRollback" },
    });
    for (const action of ["one", "two", "three"]) pipeline.ends(answer, action);
    expect(pipeline.status(answer)).toBe("Succeeded");
    expect(pipeline.status(answer, "After")).toBeUndefined();
  });

  it.each([
    ["the source stage", "Source", "good", "UnableToRollbackStageException"],
    ["an unknown execution", "Deploy", "nobody", "PipelineExecutionNotFoundException"],
  ])("is refused for %s", (_, of, target, error) => {
    expect(() => proven().does({ kind: "rollback", stage: of, target })).toThrow(code(error));
  });

  it("is refused to an execution that did not succeed there, to a rollback, while the stage runs, and after an update", () => {
    const pipeline = failed();
    const back = (target: string) => () => pipeline.does({ kind: "rollback", stage: "Deploy", target });
    expect(back("x")).toThrow(code("UnableToRollbackStageException"));
    pipeline.start("y");
    for (const action of ["src", "one", "two", "three", "after"]) pipeline.ends("y", action);
    pipeline.start("z");
    pipeline.ends("z", "src");
    expect(back("y")).toThrow(code("UnableToRollbackStageException"));
    pipeline.ends("z", "one", "Failed");
    pipeline.ends("z", "two");
    const { answer, declaration } = back("y")();
    for (const action of ["one", "two", "three"]) pipeline.ends(answer, action);
    expect(back(answer)).toThrow(code("UnableToRollbackStageException"));
    pipeline.does({ kind: "update", declaration: { ...declaration, version: 2 } });
    expect(back("y")).toThrow(code("PipelineExecutionOutdatedException"));
  });

  it("happens automatically on failure, before a waiting execution enters", () => {
    const pipeline = proven({ onFailure: { result: "ROLLBACK" } });
    for (const id of ["bad", "next"]) {
      pipeline.start(id);
      pipeline.ends(id, "src");
    }
    pipeline.ends("bad", "one", "Failed");
    pipeline.ends("bad", "two");
    expect(pipeline.status("bad")).toBe("Failed");
    expect(pipeline.latest()).toMatchObject({
      type: "ROLLBACK",
      rollbackTarget: "good",
      status: "InProgress",
    });
    expect(pipeline.waiting("Deploy")).toEqual(["next"]);
  });

  it("does not happen when no execution ever succeeded", () => {
    const pipeline = failed({ onFailure: { result: "ROLLBACK" } });
    expect(pipeline.latest().id).toBe("x");
    expect(pipeline.status("x")).toBe("Failed");
  });
});

describe("a condition", () => {
  const entering = (deploy: Partial<Stage>) => {
    const pipeline = play(line(deploy));
    pipeline.start("x");
    pipeline.ends("x", "src");
    return pipeline;
  };

  it("lets actions start when all rules before entry succeed", () => {
    const pipeline = entering({ beforeEntry: condition("FAIL", "r1", "r2") });
    expect(pipeline.running()).toEqual([]);
    pipeline.rule("x", "r1", "Succeeded");
    expect(pipeline.running()).toEqual([]);
    pipeline.rule("x", "r2", "Succeeded");
    expect(pipeline.running()).toEqual(["x:one", "x:two"]);
  });

  it("fails the stage before entry without an action, and a retry evaluates it again", () => {
    const pipeline = entering({ beforeEntry: condition("FAIL", "r1", "r2") });
    pipeline.rule("x", "r2", "Failed");
    expect(pipeline.status("x", "Deploy")).toBe("Failed");
    expect(pipeline.execution("x").rules.map(({ status }) => status)).toEqual(["Abandoned", "Failed"]);
    pipeline.does({ kind: "retry", stage: "Deploy", execution: "x", mode: "ALL_ACTIONS" });
    pipeline.rule("x", "r1", "Succeeded");
    pipeline.rule("x", "r2", "Succeeded");
    expect(pipeline.running()).toEqual(["x:one", "x:two"]);
  });

  it("skips the stage before entry and cannot be overridden then", () => {
    const pipeline = entering({ beforeEntry: condition("SKIP", "r1") });
    const override = () =>
      pipeline.does({ kind: "override", stage: "Deploy", execution: "x", hook: "beforeEntry" });
    expect(override).toThrow(code("ConditionNotOverridableException"));
    pipeline.rule("x", "r1", "Failed");
    expect(pipeline.status("x", "Deploy")).toBe("Skipped");
    expect(pipeline.running()).toEqual(["x:after"]);
  });

  it("can be overridden while it is evaluated, and after it failed", () => {
    for (const fails of [false, true]) {
      const pipeline = entering({ beforeEntry: condition("FAIL", "r1") });
      if (fails) pipeline.rule("x", "r1", "Failed");
      pipeline.does({ kind: "override", stage: "Deploy", execution: "x", hook: "beforeEntry" });
      expect(pipeline.running()).toEqual(["x:one", "x:two"]);
      expect(pipeline.execution("x").stages["Deploy"]?.conditions.beforeEntry?.status).toBe("Overridden");
      expect(pipeline.status("x")).toBe("InProgress");
    }
  });

  it("fails the stage after successful actions, or rolls it back", () => {
    for (const result of ["FAIL", "ROLLBACK"] as const) {
      const pipeline = play(line({ onSuccess: condition(result, "ok") }));
      pipeline.start("good");
      for (const action of ["src", "one", "two", "three"]) pipeline.ends("good", action);
      pipeline.rule("good", "ok", "Succeeded");
      pipeline.ends("good", "after");
      pipeline.start("bad");
      for (const action of ["src", "one", "two", "three"]) pipeline.ends("bad", action);
      pipeline.rule("bad", "ok", "Failed");
      expect(pipeline.status("bad")).toBe("Failed");
      expect(pipeline.latest().type).toBe(result === "ROLLBACK" ? "ROLLBACK" : "STANDARD");
    }
  });

  it("rolls back after a failure when its rules are met, and otherwise lets the stage fail", () => {
    for (const [outcome, type] of [
      ["Succeeded", "ROLLBACK"],
      ["Failed", "STANDARD"],
    ] as const) {
      const pipeline = proven({ onFailure: condition("ROLLBACK", "alarm") });
      pipeline.start("bad");
      pipeline.ends("bad", "src");
      pipeline.ends("bad", "one", "Failed");
      pipeline.ends("bad", "two");
      pipeline.rule("bad", "alarm", outcome);
      expect(pipeline.status("bad")).toBe("Failed");
      expect(pipeline.latest().type).toBe(type);
    }
  });
});

describe("updating the pipeline", () => {
  it("cancels waiting executions at once and running ones after their actions", () => {
    const pipeline = play(line());
    pipeline.start("a");
    pipeline.ends("a", "src");
    pipeline.start("b");
    const { declaration } = pipeline.does({ kind: "report", execution: "b", run: "none", details: {} });
    pipeline.ends("b", "src");
    pipeline.does({ kind: "update", declaration: { ...declaration, version: 2 } });
    expect(pipeline.status("b")).toBe("Cancelled");
    expect(pipeline.status("a")).toBe("InProgress");
    pipeline.start("c");
    pipeline.ends("c", "src");
    pipeline.ends("a", "one");
    pipeline.ends("a", "two");
    expect(pipeline.status("a")).toBe("Cancelled");
    expect(pipeline.status("a", "Deploy")).toBe("Cancelled");
    expect(pipeline.running()).toEqual(["c:one", "c:two"]);
  });

  it("ends a pending approval", () => {
    const pipeline = play([stage("Source", "src"), stage("Prod", { name: "ok", category: "Approval" })]);
    pipeline.start("a");
    const { declaration } = pipeline.does({ kind: "report", execution: "a", run: "none", details: {} });
    pipeline.ends("a", "src");
    pipeline.does({ kind: "update", declaration: { ...declaration, version: 2 } });
    expect(pipeline.status("a")).toBe("Cancelled");
    expect(pipeline.events().slice(-3)).toEqual(["a ok CANCELED", "a Prod CANCELED", "a pipeline CANCELED"]);
  });
});

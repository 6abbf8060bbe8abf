import { describe, expect, it } from "vitest";
import { play, stage } from "./play.ts";

const line = () => [stage("Source", "src"), stage("Build", "build"), stage("Deploy", "deploy")];

describe("an execution", () => {
  it("runs stage after stage and succeeds", () => {
    const pipeline = play(line());
    pipeline.start("a");
    expect(pipeline.running()).toEqual(["a:src"]);
    pipeline.ends("a", "src");
    expect(pipeline.running()).toEqual(["a:build"]);
    pipeline.ends("a", "build");
    pipeline.ends("a", "deploy");
    expect(pipeline.status("a")).toBe("Succeeded");
    expect(pipeline.events()).toEqual([
      "a pipeline STARTED",
      "a Source STARTED",
      "a src STARTED",
      "a src SUCCEEDED",
      "a Source SUCCEEDED",
      "a Build STARTED",
      "a build STARTED",
      "a build SUCCEEDED",
      "a Build SUCCEEDED",
      "a Deploy STARTED",
      "a deploy STARTED",
      "a deploy SUCCEEDED",
      "a Deploy SUCCEEDED",
      "a pipeline SUCCEEDED",
    ]);
  });

  it("runs actions of one run order together, and the next order when all of them have succeeded", () => {
    const pipeline = play([
      stage("Source", "src"),
      stage("Build", "a1", "a2", { name: "b", order: 5 }, { name: "c", order: 9 }),
    ]);
    pipeline.start("x");
    pipeline.ends("x", "src");
    expect(pipeline.running()).toEqual(["x:a1", "x:a2"]);
    pipeline.ends("x", "a2");
    expect(pipeline.running()).toEqual(["x:a1"]);
    pipeline.ends("x", "a1");
    expect(pipeline.running()).toEqual(["x:b"]);
    pipeline.ends("x", "b");
    pipeline.ends("x", "c");
    expect(pipeline.status("x")).toBe("Succeeded");
  });

  it("fails with its stage once the siblings of a failed action have ended, and starts nothing later", () => {
    const pipeline = play([
      stage("Source", "src"),
      stage("Build", "a1", "a2", { name: "b", order: 2 }),
      stage("Deploy", "deploy"),
    ]);
    pipeline.start("x");
    pipeline.ends("x", "src");
    pipeline.ends("x", "a1", "Failed");
    expect(pipeline.status("x", "Build")).toBe("InProgress");
    pipeline.ends("x", "a2");
    expect(pipeline.status("x", "Build")).toBe("Failed");
    expect(pipeline.status("x")).toBe("Failed");
    expect(pipeline.running()).toEqual([]);
    expect(pipeline.status("x", "Deploy")).toBeUndefined();
  });

  it("ignores a report that comes after the action was abandoned", () => {
    const pipeline = play(line());
    pipeline.start("a");
    const run = pipeline.execution("a").actions[0]?.id ?? "";
    pipeline.does({ kind: "stop", execution: "a", abandon: true });
    pipeline.does({ kind: "report", execution: "a", run, status: "Succeeded", details: {} });
    expect(pipeline.status("a")).toBe("Stopped");
    expect(pipeline.execution("a").actions[0]?.status).toBe("Abandoned");
  });
});

describe("SUPERSEDED mode", () => {
  it("lets one execution into a stage and keeps only the newest in front of it", () => {
    const pipeline = play(line());
    pipeline.start("a");
    pipeline.ends("a", "src");
    for (const id of ["b", "c"]) {
      pipeline.start(id);
      pipeline.ends(id, "src");
    }
    expect(pipeline.waiting("Build")).toEqual(["c"]);
    expect(pipeline.status("b")).toBe("Superseded");
    expect(pipeline.status("a")).toBe("InProgress");
    pipeline.ends("a", "build");
    expect(pipeline.running()).toEqual(["a:deploy", "c:build"]);
  });

  it("never supersedes an execution inside a stage", () => {
    const pipeline = play(line());
    pipeline.start("a");
    pipeline.start("b");
    pipeline.start("c");
    expect(pipeline.status("a")).toBe("InProgress");
    expect(pipeline.status("b")).toBe("Superseded");
    expect(pipeline.waiting("Source")).toEqual(["c"]);
  });

  it("lets the waiting execution in when the one inside fails", () => {
    const pipeline = play(line());
    pipeline.start("a");
    pipeline.ends("a", "src");
    pipeline.start("b");
    pipeline.ends("b", "src");
    pipeline.ends("a", "build", "Failed");
    expect(pipeline.running()).toEqual(["b:build"]);
  });
});

describe("QUEUED mode", () => {
  it("keeps every waiting execution, in order of arrival", () => {
    const pipeline = play(line(), "QUEUED");
    for (const id of ["a", "b", "c"]) pipeline.start(id);
    expect(pipeline.waiting("Source")).toEqual(["b", "c"]);
    pipeline.ends("a", "src");
    pipeline.ends("b", "src");
    pipeline.ends("c", "src");
    expect(pipeline.waiting("Build")).toEqual(["b", "c"]);
    pipeline.ends("a", "build");
    expect(pipeline.running()).toEqual(["a:deploy", "b:build"]);
  });

  it("refuses the fifty-first", () => {
    const pipeline = play(line(), "QUEUED");
    for (let count = 0; count < 50; count += 1) pipeline.start();
    expect(() => pipeline.start()).toThrow(/limit of 50/);
  });
});

describe("PARALLEL mode", () => {
  it("runs executions independently of each other", () => {
    const pipeline = play(line(), "PARALLEL");
    for (const id of ["a", "b", "c"]) pipeline.start(id);
    expect(pipeline.running()).toEqual(["a:src", "b:src", "c:src"]);
    pipeline.ends("b", "src");
    pipeline.ends("b", "build");
    pipeline.ends("b", "deploy");
    expect(pipeline.status("b")).toBe("Succeeded");
    expect(pipeline.status("a")).toBe("InProgress");
  });

  it("runs at most five actions of an execution at once", () => {
    const names = ["1", "2", "3", "4", "5", "6", "7"];
    const pipeline = play([stage("Source", "src"), stage("Build", ...names)], "PARALLEL");
    pipeline.start("a");
    pipeline.ends("a", "src");
    expect(pipeline.running()).toHaveLength(5);
    pipeline.ends("a", "2");
    expect(pipeline.running()).toEqual(["a:1", "a:3", "a:4", "a:5", "a:6"]);
  });

  it("lets executions run on with their own version when the pipeline is updated", () => {
    const pipeline = play(line(), "PARALLEL");
    pipeline.start("a");
    const { declaration } = pipeline.does({ kind: "stop", execution: pipeline.start("b"), abandon: true });
    pipeline.does({
      kind: "update",
      declaration: { ...declaration, version: 2, stages: line().slice(0, 2) },
    });
    pipeline.ends("a", "src");
    pipeline.ends("a", "build");
    expect(pipeline.running()).toEqual(["a:deploy"]);
  });
});

describe("a disabled transition", () => {
  const disabled = { enabled: false, reason: "freeze", by: "me", at: new Date(0) };

  it("holds executions in front of the stage, the newest in SUPERSEDED mode", () => {
    const pipeline = play(line());
    pipeline.does({ kind: "transition", stage: "Build", side: "inbound", transition: disabled });
    for (const id of ["a", "b"]) {
      pipeline.start(id);
      pipeline.ends(id, "src");
    }
    expect(pipeline.running()).toEqual([]);
    expect(pipeline.status("a")).toBe("Superseded");
    pipeline.does({
      kind: "transition",
      stage: "Build",
      side: "inbound",
      transition: { ...disabled, enabled: true },
    });
    expect(pipeline.running()).toEqual(["b:build"]);
  });

  it("outbound keeps executions from the following stage", () => {
    const pipeline = play(line());
    pipeline.does({ kind: "transition", stage: "Source", side: "outbound", transition: disabled });
    pipeline.start("a");
    pipeline.ends("a", "src");
    expect(pipeline.running()).toEqual([]);
    expect(pipeline.waiting("Build")).toEqual(["a"]);
  });

  it("lets a waiting execution be stopped, but not retried", () => {
    const pipeline = play(line());
    pipeline.does({ kind: "transition", stage: "Build", side: "inbound", transition: disabled });
    pipeline.start("a");
    pipeline.ends("a", "src");
    pipeline.does({ kind: "stop", execution: "a", abandon: false });
    expect(pipeline.status("a")).toBe("Stopped");
    expect(() =>
      pipeline.does({ kind: "retry", stage: "Build", execution: "a", mode: "FAILED_ACTIONS" }),
    ).toThrow(expect.objectContaining({ code: "NotLatestPipelineExecutionException" }));
  });
});

describe("stopping", () => {
  it("waits for actions in progress, then ends Stopped and unlocks the stage", () => {
    const pipeline = play([stage("Source", "src"), stage("Build", "a", { name: "b", order: 2 })]);
    pipeline.start("x");
    pipeline.ends("x", "src");
    pipeline.does({ kind: "stop", execution: "x", abandon: false, reason: "mistake" });
    expect(pipeline.status("x")).toBe("Stopping");
    expect(pipeline.status("x", "Build")).toBe("Stopping");
    pipeline.start("y");
    pipeline.ends("y", "src");
    pipeline.ends("x", "a");
    expect(pipeline.status("x")).toBe("Stopped");
    expect(pipeline.running()).toEqual(["y:a"]);
  });

  it("can be raised from waiting to abandoning, and neither is asked twice", () => {
    const pipeline = play(line());
    pipeline.start("x");
    pipeline.does({ kind: "stop", execution: "x", abandon: false });
    const again = (abandon: boolean) => () => pipeline.does({ kind: "stop", execution: "x", abandon });
    expect(again(false)).toThrow(expect.objectContaining({ code: "DuplicatedStopRequestException" }));
    again(true)();
    expect(pipeline.status("x")).toBe("Stopped");
    expect(again(true)).toThrow(expect.objectContaining({ code: "PipelineExecutionNotStoppableException" }));
  });
});

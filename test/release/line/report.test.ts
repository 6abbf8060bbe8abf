import { describe, expect, it } from "vitest";
import { ReleaseError } from "#release/errors/errors.ts";
import { decide } from "#release/line/decide.ts";
import type { ActionRun, Observation } from "#release/line/observation.ts";
import { rejectedResult, reportedExecutions, reportsOf } from "#release/line/report.ts";
import type { Result } from "#release/line/result.ts";
import { formatResult, parseResult } from "#release/line/result-shape.ts";
import { supersededMarker, teardownMarker } from "#release/names/tokens.ts";
import { codeOf } from "#test/release/samples.ts";
import {
  approving,
  appStacks,
  artifact,
  because,
  closed,
  deploying,
  execution,
  observation,
  pipeline,
  planned,
  rejected,
  stages,
  tombstone,
} from "./observations.ts";

const reports = (seen: Partial<Observation>) => {
  const all = observation(seen);
  return reportsOf(all, decide(all));
};
const newest = (seen: Partial<Observation>): Result => {
  const result = reports(seen).at(-1)?.result;
  if (result === undefined) throw new RangeError("no result");
  return result;
};
const reported = (seen: Partial<Observation>): string => {
  const { status, reason } = newest(seen);
  return `${status} ${reason.code}: ${reason.sentence}`;
};

const stable = { pipeline: pipeline("CREATE_COMPLETE"), stages: stages() };
const v1 = artifact("v1");
const v2 = artifact("v2");
const run = (stage: string, action: string, status: ActionRun["status"], message?: string): ActionRun => ({
  stage,
  action,
  status,
  startedAt: "2026-11-21T08:00:00.000Z",
  endedAt: "2026-11-21T08:01:00.000Z",
  ...(message !== undefined && { message }),
});
const failed = (...actions: readonly ActionRun[]) => ({
  ...stable,
  artifact: v1,
  executions: [{ ...execution("e1", "Failed", "v1"), actions }],
});

const deployedIn = (environment: string, version?: string) => ({
  ...{ environment, stack: `app-${environment}` },
  ...(version !== undefined && { version }),
});

describe("the result of the newest version", () => {
  it.each<[string, Partial<Observation>, string]>([
    ["a refused artifact", { artifact: v1, dispatch: rejected }, "rejected NotAZip: The object begins with"],
    [
      "a pipeline to be created",
      { artifact: v1, dispatch: planned("v1") },
      "releasing PipelineCreating: CloudFormation creates the pipeline of this line.",
    ],
    [
      "a pipeline being created",
      { artifact: v1, pipeline: pipeline("CREATE_IN_PROGRESS") },
      "releasing PipelineCreating: ",
    ],
    [
      "a pipeline being updated",
      { artifact: v1, pipeline: pipeline("UPDATE_IN_PROGRESS") },
      "releasing PipelineUpdating: ",
    ],
    [
      "a pipeline being replaced",
      { artifact: v1, pipeline: pipeline("DELETE_IN_PROGRESS") },
      "releasing PipelineReplacing: ",
    ],
    [
      "a changed plan behind a running release",
      {
        ...stable,
        artifact: v2,
        dispatch: planned("v2", "new"),
        executions: [execution("e1", "InProgress", "v1")],
        stages: deploying("e1"),
      },
      "releasing WaitingForRunningRelease: The plan changed, but e1 runs",
    ],
    [
      "a start",
      { ...stable, artifact: v2, dispatch: planned("v2"), executions: [execution("e1", "Succeeded", "v1")] },
      "releasing Starting: ",
    ],
    [
      "a deployment",
      { ...stable, artifact: v1, executions: [execution("e1", "InProgress", "v1")], stages: deploying("e1") },
      "releasing Deploying: In dev: Execute.",
    ],
    [
      "a pending approval",
      { ...stable, artifact: v1, executions: [execution("e1", "InProgress", "v1")], stages: approving("e1") },
      "waiting-for-approval WaitingForApproval: prod: the change set is ready and waits for an approval.",
    ],
    [
      "a release behind another",
      {
        ...stable,
        artifact: v2,
        executions: [execution("e2", "InProgress", "v2"), execution("e1", "InProgress", "v1")],
        stages: approving("e1", ["e2"]),
        supersedePendingApproval: false,
      },
      "releasing Deploying: Waits before prod until an older version leaves it.",
    ],
    [
      "a frozen transition",
      {
        ...stable,
        artifact: v2,
        executions: [execution("e2", "InProgress", "v2")],
        stages: stages({ qa: { waiting: ["e2"], inbound: { enabled: false, reason: "freeze" } } }),
      },
      "releasing Deploying: Waits before qa, whose transition is disabled: freeze.",
    ],
    [
      "a success",
      { ...stable, artifact: v1, executions: [execution("e1", "Succeeded", "v1")] },
      "released Released: The execution e1 succeeded in every environment.",
    ],
    [
      "a success whose environments have the version",
      {
        ...stable,
        artifact: v1,
        executions: [execution("e1", "Succeeded", "v1")],
        deployed: [deployedIn("dev", "v1"), deployedIn("prod", "v1")],
      },
      "released Released: The execution e1 succeeded, and these environments have the version: dev, prod.",
    ],
    [
      "a success that a newer execution follows in the first environment",
      {
        ...stable,
        artifact: v1,
        executions: [execution("e2", "InProgress", "v2"), execution("e1", "Succeeded", "v1")],
        deployed: [deployedIn("dev", "v2"), deployedIn("prod", "v1")],
      },
      "released Released: The execution e1 succeeded, and these environments have the version: prod. A newer version of the line is already in: dev.",
    ],
    [
      "a success after which an older execution's version is in an environment",
      {
        ...stable,
        artifact: v1,
        executions: [execution("e1", "Succeeded", "v1"), execution("e0", "Succeeded", "v0")],
        deployed: [deployedIn("dev", "v0")],
      },
      "failed VersionReplaced: The execution e1 succeeded, but the stack app-dev in dev has the version v0.",
    ],
    [
      "a success whose stacks were changed or deleted meanwhile",
      {
        ...stable,
        artifact: v1,
        executions: [execution("e1", "Succeeded", "v1")],
        deployed: [deployedIn("dev"), deployedIn("qa", "v0"), deployedIn("prod", "v1")],
      },
      "failed VersionReplaced: The execution e1 succeeded, but dev has no stack app-dev, and the stack app-qa in qa has the version v0.",
    ],
    [
      "a failed deployment",
      failed(
        run("dev", "Execute", "Succeeded"),
        run("qa", "Execute", "Failed", "Resource Farewell: already exists"),
      ),
      "failed DeploymentFailed: qa: Execute failed. Resource Farewell: already exists",
    ],
    [
      "a refused approval",
      failed({ ...run("prod", "Approve", "Failed", "Rejected by admin"), decider: "arn:aws:sts::1:x" }),
      "failed ApprovalRejected: prod: Approve failed. Rejected by admin",
    ],
    [
      "an approval that ran out",
      failed(run("prod", "Approve", "Failed", "It did not complete within 10080 minutes.")),
      "failed ApprovalExpired: prod: Approve failed. It did not complete within 10080 minutes.",
    ],
    [
      "a failed test",
      failed(run("dev", "SmokeTest", "Failed", "Build terminated with state: FAILED")),
      "failed SmokeTestFailed: ",
    ],
    ["a failed source", failed(run("Source", "Source", "Failed", "AccessDenied")), "failed SourceFailed: "],
    [
      "an action of Kedge's own",
      failed(
        run("dev", "Prepare", "Failed", "ParametersMissing: The environment dev has no value for Stage."),
      ),
      "failed ParametersMissing: dev: Prepare failed. ParametersMissing: The environment dev",
    ],
    [
      "a failure AWS does not explain",
      failed(run("dev", "Execute", "Failed")),
      "failed DeploymentFailed: dev: Execute failed. AWS gave no message.",
    ],
    ["a failure nobody looked into", failed(), "failed DeploymentFailed: The execution e1 failed."],
    [
      "a stop by hand",
      { ...stable, artifact: v1, executions: [execution("e1", "Stopped", "v1", "wrong one")] },
      "failed ExecutionStopped: The execution e1 was stopped. The reason given: wrong one",
    ],
    [
      "a failed pipeline stack",
      { artifact: v1, pipeline: pipeline("DELETE_FAILED", { failure: "Role is gone" }), ...because("stack") },
      "failed TeardownBlocked: ",
    ],
    [
      "a refused tombstone",
      { ...stable, artifact: tombstone("t1"), tombstone: { allowed: false, reason: "It reaches prod." } },
      "rejected TombstoneRefused: It reaches prod.",
    ],
    [
      "a teardown",
      { ...stable, artifact: tombstone("t1") },
      "releasing TearingDown: The line is to be torn down.",
    ],
    [
      "a finished teardown",
      { artifact: tombstone("t1"), appStacks: appStacks() },
      "torn-down TornDown: Kedge has deleted the applications and the pipeline.",
    ],
    [
      "a blocked teardown",
      { artifact: tombstone("t1"), ...because("stack"), appStacks: appStacks("DELETE_FAILED") },
      "failed TeardownBlocked: ",
    ],
  ])("reports %s", (_, seen, expected) => {
    expect(reported(seen)).toContain(expected);
  });

  it("has a remedy exactly when the release has a problem", () => {
    expect(newest({ artifact: v1, dispatch: rejected }).reason.remedy).toContain("Upload a zip");
    expect(newest({ artifact: v1, dispatch: planned("v1") }).reason.remedy).toBeUndefined();
  });

  it("names the pipeline and its console page", () => {
    expect(newest({ ...stable, artifact: v1 }).pipeline).toEqual({
      name: "kedge-line-v6ijjfkrqqp6--shop-main",
      account: "111111111111",
      region: "us-east-1",
      consoleUrl:
        "https://us-east-1.console.aws.amazon.com/codesuite/codepipeline/pipelines/kedge-line-v6ijjfkrqqp6--shop-main/view?region=us-east-1",
    });
    expect(newest({ artifact: v1 }).pipeline).toBeUndefined();
  });

  it("lists the stages with their times, and those that did not run", () => {
    const { stages } = newest(
      failed(run("dev", "Execute", "Succeeded"), run("qa", "Execute", "Failed", "no")),
    );
    expect(stages.map(({ name, status }) => `${name} ${status}`)).toEqual([
      "Source NotRun",
      "Package NotRun",
      "dev Succeeded",
      "qa Failed",
      "prod NotRun",
    ]);
    expect(stages[3]).toMatchObject({
      startedAt: "2026-11-21T08:00:00.000Z",
      endedAt: "2026-11-21T08:01:00.000Z",
      actions: [{ name: "Execute", status: "Failed", message: "no" }],
    });
  });

  it("counts a retried action by its retry", () => {
    const retried = failed(run("dev", "Execute", "Failed", "first"), run("dev", "Execute", "Succeeded"));
    const seen = {
      ...retried,
      executions: [{ ...retried.executions[0], id: "e1", status: "Succeeded" as const }],
    };
    expect(newest(seen as Partial<Observation>).stages.find(({ name }) => name === "dev")?.status).toBe(
      "Succeeded",
    );
  });
});

describe("the results of older versions", () => {
  const of = (version: string, seen: Partial<Observation>) =>
    reports(seen).find(({ result }) => result.version === version);

  it("the results of older versions are superseded when a newer version came before their start, unless more is known", () => {
    const seen = { ...stable, artifact: v2, message: { cause: "upload", id: "m", versionId: "v1" } as const };
    expect(of("v1", seen)).toMatchObject({
      unlessFinal: true,
      newest: false,
      result: { status: "superseded" },
    });
    expect(of("v1", { ...stable, artifact: v2, lastReported: "v1" })?.result.status).toBe("superseded");
  });

  it.each<[string, Parameters<typeof execution>, string]>([
    ["overtaken in the pipeline", ["e1", "Superseded", "v1"], "superseded"],
    ["cancelled by an update", ["e1", "Cancelled", "v1"], "superseded"],
    ["stopped for a newer one's sake", ["e1", "Stopped", "v1", supersededMarker("v2")], "superseded"],
    ["stopped by a teardown", ["e1", "Stopped", "v1", teardownMarker("t")], "superseded"],
    ["stopped by hand", ["e1", "Stopped", "v1", "wrong one"], "failed"],
    ["through", ["e1", "Succeeded", "v1"], "released"],
    ["failed", ["e1", "Failed", "v1"], "failed"],
    ["under way", ["e1", "InProgress", "v1"], "releasing"],
  ])("the results of older versions follow their execution: %s", (_, one, status) => {
    const seen = { ...stable, artifact: v2, executions: [execution(...one)], lastReported: "v1" };
    expect(of("v1", seen)).toMatchObject({ unlessFinal: false, result: { status } });
  });

  it("the results of older versions come before the newest, which is also latest.json", () => {
    const seen = { ...stable, artifact: v2, executions: [execution("e1", "InProgress", "v1")] };
    expect(reports(seen).map(({ result, newest }) => [result.version, newest])).toEqual([
      ["v1", false],
      ["v2", true],
    ]);
  });

  it("the results of older versions are written for news only: running, named by the event, or reported last; a resync writes all recent ones", () => {
    const executions = [
      execution("e5", "Succeeded", "v5"),
      execution("e4", "InProgress", "v4"),
      execution("e3", "Failed", "v3"),
      execution("e2", "Superseded", "v2"),
      execution("e1", "Succeeded", "v1"),
    ];
    const ids = (more: Partial<Observation>) =>
      reportedExecutions(observation({ artifact: artifact("v5"), executions, ...more })).map(({ id }) => id);
    expect(ids({})).toEqual(["e5", "e4"]);
    expect(ids({ message: { cause: "pipeline", id: "m", executionId: "e3" }, lastReported: "v2" })).toEqual([
      "e5",
      "e4",
      "e3",
      "e2",
    ]);
    expect(ids(because("sweep"))).toHaveLength(5);
  });

  it("the results of older versions are not written without an object at the key", () => {
    expect(reports({ ...stable, stages: closed("x") })).toEqual([]);
  });
});

describe("a result as a document", () => {
  const every: readonly Result[] = [
    newest({ artifact: v1, dispatch: rejected }),
    newest(failed(run("qa", "Execute", "Failed", "no"))),
    rejectedResult("nonsense", "v1", new ReleaseError("KeyMalformed", "seen"), "2026-11-21T08:00:00.000Z"),
    rejectedResult(
      "999999999999/a/b/latest.zip",
      "v1",
      new ReleaseError("AccountUnknown", "seen"),
      "2026-11-21T08:00:00.000Z",
    ),
  ];

  it.each(every)("is read back as it was written: $reason.code", (result) => {
    expect(parseResult(formatResult(result))).toEqual(result);
  });

  it("has no line for a malformed key, and has one for an unknown account", () => {
    expect(every[2]?.line).toBeUndefined();
    expect(every[3]?.line).toEqual({ account: "999999999999", app: "a", branch: "b" });
  });

  it.each(["{", "{}", '{"schema": 2}'])("is rejected when it is %s", async (json) => {
    expect(await codeOf(() => parseResult(json))).toBe("ReleaseDocumentMalformed");
  });
});

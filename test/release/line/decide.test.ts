import { describe, expect, it } from "vitest";
import { decide } from "#release/line/decide.ts";
import type { Observation } from "#release/line/observation.ts";
import type { Step } from "#release/line/step.ts";
import { stackToken, startToken, teardownMarker } from "#release/names/tokens.ts";
import {
  approving,
  appStacks,
  artifact,
  because,
  closed,
  deploying,
  digest,
  execution,
  observation,
  pipeline,
  planned,
  rejected,
  stages,
} from "./observations.ts";

type Row = readonly [what: string, seen: Partial<Observation>, step: Partial<Step> & Pick<Step, "type">];

const v1 = artifact("v1");
const v2 = artifact("v2");
const stable = { pipeline: pipeline("CREATE_COMPLETE"), stages: stages() };
const v1Released = { ...stable, executions: [execution("e1", "Succeeded", "v1")] };
const rest = { type: "rest" } as const;
const waitStack = { type: "wait", for: "stack" } as const;
const waitExecution = { type: "wait", for: "execution" } as const;

const firstUpload: readonly Row[] = [
  ["nothing at the key", {}, rest],
  ["a first version", { artifact: v1 }, { type: "observe", at: "artifact" }],
  [
    "a first version, planned",
    { artifact: v1, dispatch: planned("v1") },
    { type: "create-pipeline", digest, token: stackToken("v1", digest) },
  ],
  [
    "a first version, refused",
    { artifact: v1, dispatch: rejected },
    { type: "rest", problem: { code: "NotAZip", sentence: rejected.ok ? "" : rejected.error.message } },
  ],
  [
    "a deleted pipeline stack still listed",
    { artifact: v1, pipeline: pipeline("DELETE_COMPLETE") },
    { type: "observe", at: "artifact" },
  ],
  ...[
    "CREATE_IN_PROGRESS",
    "UPDATE_IN_PROGRESS",
    "UPDATE_COMPLETE_CLEANUP_IN_PROGRESS",
    "ROLLBACK_IN_PROGRESS",
    "UPDATE_ROLLBACK_IN_PROGRESS",
    "DELETE_IN_PROGRESS",
    "SOME_FUTURE_STATUS",
  ].map(
    (status): Row => [`a pipeline stack ${status}`, { artifact: v1, pipeline: pipeline(status) }, waitStack],
  ),
];

const ownExecution: readonly Row[] = [
  ["a new pipeline whose own first execution is not listed yet", { ...stable, artifact: v1 }, waitExecution],
  [
    "the same, seen by the sweep",
    { ...stable, artifact: v1, ...because("sweep") },
    { type: "observe", at: "artifact" },
  ],
  [
    "a first execution that has not read its source",
    { ...stable, artifact: v1, executions: [execution("e1", "InProgress")] },
    waitExecution,
  ],
  [
    "the adopted first execution",
    { ...stable, artifact: v1, executions: [execution("e1", "InProgress", "v1")] },
    waitExecution,
  ],
  ...(["Succeeded", "Failed", "Stopped", "Cancelled", "Superseded"] as const).map(
    (status): Row => [
      `this version's execution ${status}`,
      { ...stable, artifact: v1, executions: [execution("e1", status, "v1")] },
      rest,
    ],
  ),
  [
    "this version's execution stopping",
    { ...stable, artifact: v1, executions: [execution("e1", "Stopping", "v1")] },
    waitExecution,
  ],
];

const nextVersion: readonly Row[] = [
  ["a second version", { ...v1Released, artifact: v2 }, { type: "observe", at: "artifact" }],
  [
    "a second version of the same plan",
    { ...v1Released, artifact: v2, dispatch: planned("v2") },
    { type: "start-execution", versionId: "v2", token: startToken("v2", digest, 0) },
  ],
  [
    "the same while the first is being deployed",
    {
      ...v1Released,
      artifact: v2,
      dispatch: planned("v2"),
      executions: [execution("e1", "InProgress", "v1")],
      stages: deploying("e1"),
    },
    { type: "start-execution" },
  ],
  [
    "a second version, refused",
    { ...v1Released, artifact: v2, dispatch: rejected },
    { type: "rest", problem: { code: "NotAZip" } } as Row[2],
  ],
  [
    "a second version while an unknown one runs",
    {
      ...v1Released,
      artifact: v2,
      executions: [execution("e2", "InProgress"), execution("e1", "Succeeded", "v1")],
    },
    waitExecution,
  ],
  [
    "a second version after a reverted update",
    { ...v1Released, pipeline: pipeline("UPDATE_ROLLBACK_COMPLETE"), artifact: v2, dispatch: planned("v2") },
    { type: "start-execution" },
  ],
];

const former = { pipeline: pipeline("CREATE_COMPLETE", { name: "kedge-line-shop-main-v6ijjfkrqqp6" }) };
const newName: readonly Row[] = [
  [
    "a plan with another name of the pipeline",
    { ...v1Released, ...former, artifact: v2, dispatch: planned("v2") },
    { type: "delete-pipeline" },
  ],
  [
    "the same version, seen again under the former name",
    { ...v1Released, ...former, artifact: v1, dispatch: planned("v1") },
    rest,
  ],
  [
    "another name while an execution works",
    {
      ...{ ...v1Released, ...former, artifact: v2, dispatch: planned("v2") },
      executions: [execution("e1", "InProgress", "v1")],
      stages: deploying("e1"),
    },
    waitExecution,
  ],
  [
    "another name while an approval waits",
    {
      ...{ ...v1Released, ...former, artifact: v2, dispatch: planned("v2") },
      executions: [execution("e1", "InProgress", "v1")],
      stages: approving("e1"),
    },
    { type: "stop-executions", executions: ["e1"] },
  ],
  [
    "another name while an approval waits that is not superseded",
    {
      ...{ ...v1Released, ...former, artifact: v2, dispatch: planned("v2") },
      executions: [execution("e1", "InProgress", "v1")],
      stages: approving("e1"),
      supersedePendingApproval: false,
    },
    waitExecution,
  ],
];

const changedPlan: readonly Row[] = [
  [
    "a changed plan",
    { ...v1Released, artifact: v2, dispatch: planned("v2", "new") },
    { type: "update-pipeline", digest: "new", token: stackToken("v2", "new") },
  ],
  [
    "a changed plan while a release is at work",
    {
      ...v1Released,
      artifact: v2,
      dispatch: planned("v2", "new"),
      executions: [execution("e1", "InProgress", "v1")],
      stages: deploying("e1"),
    },
    waitExecution,
  ],
  [
    "a changed plan while a release stops",
    {
      ...v1Released,
      artifact: v2,
      dispatch: planned("v2", "new"),
      executions: [execution("e1", "Stopping", "v1")],
    },
    waitExecution,
  ],
  [
    "a changed plan while a release waits for approval",
    {
      ...v1Released,
      artifact: v2,
      dispatch: planned("v2", "new"),
      executions: [execution("e1", "InProgress", "v1")],
      stages: approving("e1"),
    },
    { type: "update-pipeline" },
  ],
  [
    "the same where approvals are not superseded",
    {
      ...v1Released,
      artifact: v2,
      dispatch: planned("v2", "new"),
      executions: [execution("e1", "InProgress", "v1")],
      stages: approving("e1"),
      supersedePendingApproval: false,
    },
    waitExecution,
  ],
  [
    "a changed plan while one waits for approval and one behind it",
    {
      ...v1Released,
      artifact: v2,
      dispatch: planned("v2", "new"),
      executions: [execution("e2", "InProgress", "v1b"), execution("e1", "InProgress", "v1")],
      stages: approving("e1", ["e2"]),
    },
    { type: "update-pipeline" },
  ],
  [
    "an update that was rolled back",
    {
      ...v1Released,
      artifact: v2,
      dispatch: planned("v2", "new"),
      pipeline: pipeline("UPDATE_ROLLBACK_COMPLETE", {
        lastToken: stackToken("v2", "new"),
        failure: "Role is invalid",
      }),
    },
    {
      type: "rest",
      problem: {
        code: "PipelineStackFailed",
        sentence: "The pipeline's stack is UPDATE_ROLLBACK_COMPLETE: Role is invalid",
      },
    },
  ],
  [
    "the next version after it",
    {
      ...v1Released,
      artifact: artifact("v3"),
      dispatch: planned("v3", "new"),
      pipeline: pipeline("UPDATE_ROLLBACK_COMPLETE", { lastToken: stackToken("v2", "new") }),
    },
    { type: "update-pipeline" },
  ],
];

const pendingApproval: readonly Row[] = [
  [
    "this version behind an older one that waits for approval",
    {
      ...stable,
      artifact: v2,
      executions: [execution("e2", "InProgress", "v2"), execution("e1", "InProgress", "v1")],
      stages: approving("e1", ["e2"]),
    },
    { type: "stop-executions", executions: ["e1"] },
  ],
  [
    "the same where approvals are not superseded",
    {
      ...stable,
      artifact: v2,
      executions: [execution("e2", "InProgress", "v2"), execution("e1", "InProgress", "v1")],
      stages: approving("e1", ["e2"]),
      supersedePendingApproval: false,
    },
    waitExecution,
  ],
  [
    "this version still in dev while an older one waits for approval",
    {
      ...stable,
      artifact: v2,
      executions: [execution("e2", "InProgress", "v2"), execution("e1", "InProgress", "v1")],
      stages: approving("e1"),
    },
    waitExecution,
  ],
  [
    "this version behind an older one that is at work",
    {
      ...stable,
      artifact: v2,
      executions: [execution("e2", "InProgress", "v2"), execution("e1", "InProgress", "v1")],
      stages: stages({
        dev: {
          waiting: ["e2"],
          execution: { id: "e1", status: "InProgress" },
          actions: [{ name: "Execute", status: "InProgress" }],
        },
      }),
    },
    waitExecution,
  ],
];

const failedStack: readonly Row[] = [
  ...["ROLLBACK_COMPLETE", "CREATE_FAILED", "ROLLBACK_FAILED", "REVIEW_IN_PROGRESS"].flatMap(
    (status): Row[] => [
      [
        `a pipeline stack ${status}`,
        { artifact: v1, pipeline: pipeline(status) },
        { type: "observe", at: "artifact" },
      ],
      [
        `${status} after this very input`,
        {
          artifact: v1,
          pipeline: pipeline(status, { lastToken: stackToken("v1", digest) }),
          dispatch: planned("v1"),
        },
        {
          type: "rest",
          problem: {
            code: "PipelineStackFailed",
            sentence: `The pipeline's stack is ${status}: CloudFormation gave no reason.`,
          },
        },
      ],
      [
        `${status} after another version`,
        {
          artifact: v2,
          pipeline: pipeline(status, { lastToken: stackToken("v1", digest) }),
          dispatch: planned("v2"),
        },
        { type: "delete-pipeline" },
      ],
      [
        `${status} after another plan`,
        {
          artifact: v1,
          pipeline: pipeline(status, { lastToken: stackToken("v1", "old") }),
          dispatch: planned("v1"),
        },
        { type: "delete-pipeline" },
      ],
      [
        `${status} and a refused artifact`,
        { artifact: v1, pipeline: pipeline(status), dispatch: rejected },
        rest,
      ],
    ],
  ),
  [
    "UPDATE_ROLLBACK_FAILED while an execution runs",
    {
      artifact: v2,
      pipeline: pipeline("UPDATE_ROLLBACK_FAILED"),
      executions: [execution("e1", "InProgress", "v1")],
    },
    waitExecution,
  ],
  [
    "a failed delete, told by its own event",
    { artifact: v1, pipeline: pipeline("DELETE_FAILED"), ...because("stack") },
    { type: "rest", problem: { code: "TeardownBlocked" } } as Row[2],
  ],
  [
    "a failed delete, seen later",
    { artifact: v1, pipeline: pipeline("DELETE_FAILED"), ...because("sweep") },
    { type: "delete-pipeline" },
  ],
];

const failures = (count: number) =>
  Array.from({ length: count }, (_, index) => execution(`f${index}`, "Failed"));
const sourceTrouble: readonly Row[] = [
  [
    "an execution that never read its source",
    { ...stable, artifact: v1, dispatch: planned("v1"), executions: failures(1) },
    { type: "start-execution", token: startToken("v1", digest, 1) },
  ],
  [
    "three of them",
    { ...stable, artifact: v1, dispatch: planned("v1"), executions: failures(3) },
    { type: "rest", problem: { code: "SourceFailed" } } as Row[2],
  ],
  [
    "three of them before this version came",
    {
      ...stable,
      artifact: v2,
      dispatch: planned("v2"),
      executions: failures(3).map((each) => ({ ...each, startedAt: "2026-11-21T07:00:00.000Z" })),
    },
    { type: "start-execution", token: startToken("v2", digest, 0) },
  ],
  [
    "three of them long ago",
    {
      ...stable,
      artifact: v2,
      dispatch: planned("v2"),
      executions: [execution("e1", "Succeeded", "v1"), ...failures(3)],
    },
    { type: "start-execution" },
  ],
];

const marker = teardownMarker("t1");
const overwritten = {
  ...stable,
  artifact: v2,
  stages: closed(marker),
  executions: [execution("e1", "Stopped", "v1", marker)],
};
const calledOff: readonly Row[] = [
  ["a tombstone that was overwritten", overwritten, { type: "observe", at: "app-stacks" }],
  [
    "the same while stacks are deleted",
    { ...overwritten, appStacks: appStacks("DELETE_IN_PROGRESS", "CREATE_COMPLETE") },
    { type: "wait", for: "app-stacks" },
  ],
  [
    "the same once none is",
    { ...overwritten, appStacks: appStacks(undefined, "CREATE_COMPLETE") },
    { type: "enable-transition", stage: "Package" },
  ],
  [
    "the same with a delete that failed",
    { ...overwritten, appStacks: appStacks("DELETE_FAILED") },
    { type: "enable-transition", stage: "Package" },
  ],
  [
    "the pipeline being deleted already",
    { ...overwritten, pipeline: pipeline("DELETE_IN_PROGRESS") },
    waitStack,
  ],
  [
    "a version the teardown had stopped, wanted again",
    {
      ...stable,
      artifact: v1,
      dispatch: planned("v1"),
      executions: [execution("e1", "Stopped", "v1", marker)],
    },
    { type: "start-execution" },
  ],
  [
    "a transition that a person closed",
    { ...v1Released, artifact: v2, stages: closed("freeze"), dispatch: planned("v2") },
    { type: "start-execution" },
  ],
];

describe("the next step of a line", () => {
  const tables = {
    firstUpload,
    ownExecution,
    nextVersion,
    newName,
    changedPlan,
    pendingApproval,
    failedStack,
    sourceTrouble,
    calledOff,
  };
  for (const [name, rows] of Object.entries(tables)) {
    it.each(rows)(`decides the next step (${name}): %s`, (_, seen, step) => {
      expect(decide(observation(seen))).toMatchObject(step);
    });
  }

  it("repeats its tokens for a repeated message, so that a repeated call is the same call", () => {
    const seen = observation({ artifact: v1, dispatch: planned("v1") });
    expect(decide(seen)).toEqual(decide(seen));
  });

  it("uses tokens and reasons that AWS accepts", () => {
    expect(stackToken("v.1_x", digest)).toMatch(/^[a-zA-Z0-9][-a-zA-Z0-9]{0,127}$/);
    expect(startToken("v.1_x", digest, 0)).toMatch(/^[a-zA-Z0-9-]{1,128}$/);
    expect(marker).toMatch(/^[a-zA-Z0-9!@ ().*?-]{1,200}$/);
  });
});

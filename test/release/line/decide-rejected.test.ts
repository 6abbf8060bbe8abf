/** Tests the step after a rejected approval: a stack that has only change sets is removed. */
import { describe, expect, it } from "vitest";
import { decide } from "#release/line/decide.ts";
import type { Observation } from "#release/line/observation.ts";
import type { Step } from "#release/line/step.ts";
import { appStacks, artifact, because, execution, observation, pipeline, stages } from "./observations.ts";

type Row = readonly [what: string, seen: Partial<Observation>, step: Partial<Step> & Pick<Step, "type">];

const v1 = artifact("v1");
const stable = { pipeline: pipeline("CREATE_COMPLETE"), stages: stages() };
const rest = { type: "rest" } as const;

const rejectedStages = stages({
  prod: {
    execution: { id: "e1", status: "Failed" },
    actions: [
      { name: "ChangeSet", status: "Succeeded" },
      { name: "Approve", status: "Failed" },
    ],
  },
});
const declined = {
  ...stable,
  artifact: v1,
  executions: [execution("e1", "Failed", "v1")],
  stages: rejectedStages,
};
const shells = appStacks("UPDATE_COMPLETE", "REVIEW_IN_PROGRESS");

const rejectedApproval: readonly Row[] = [
  ["a declined version", declined, { type: "observe", at: "app-stacks" }],
  [
    "a declined version whose first change set left a stack",
    { ...declined, appStacks: shells },
    {
      type: "delete-app-stacks",
      stacks: shells
        .filter(({ status }) => status === "REVIEW_IN_PROGRESS")
        .map(({ environment, name }) => ({ environment, name })),
    },
  ],
  [
    "a declined version with deployed stacks only",
    { ...declined, appStacks: appStacks("UPDATE_COMPLETE") },
    rest,
  ],
  ["a declined version, seen by the sweep", { ...declined, ...because("sweep") }, rest],
  [
    "a declined version while another execution runs",
    { ...declined, executions: [execution("e1", "Failed", "v1"), execution("e0", "InProgress", "v0")] },
    rest,
  ],
  [
    "a version that failed behind its approval",
    {
      ...declined,
      stages: stages({
        prod: {
          execution: { id: "e1", status: "Failed" },
          actions: [
            { name: "Approve", status: "Succeeded" },
            { name: "Execute", status: "Failed" },
          ],
        },
      }),
    },
    rest,
  ],
];

describe("the next step after a rejected approval", () => {
  it.each(rejectedApproval)("decides about %s", (_, seen, step) => {
    expect(decide(observation(seen))).toMatchObject(step);
  });
});

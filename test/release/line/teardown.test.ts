import { describe, expect, it } from "vitest";
import { decide } from "#release/line/decide.ts";
import type { Observation } from "#release/line/observation.ts";
import type { Step } from "#release/line/step.ts";
import { teardownMarker } from "#release/names/tokens.ts";
import {
  appStacks,
  because,
  closed,
  deploying,
  execution,
  observation,
  pipeline,
  stages,
  tombstone,
} from "./observations.ts";

type Row = readonly [what: string, seen: Partial<Observation>, step: Partial<Step> & Pick<Step, "type">];

const reason = teardownMarker("t1");
const open = { artifact: tombstone("t1"), pipeline: pipeline("UPDATE_COMPLETE"), stages: stages() };
const shut = { ...open, stages: closed(reason) };
const stopped = { ...shut, executions: [execution("e1", "Stopped", "v1", reason)] };
const noPipeline = { artifact: tombstone("t1") };
const gone = appStacks();
const app = (environment: string) => ({ environment, name: `kedge-app-${environment}` });

const rows: readonly Row[] = [
  ["the pipeline is open", open, { type: "disable-transition", stage: "Package", reason }],
  ["a person had closed it", { ...open, stages: closed("freeze") }, { type: "disable-transition", reason }],
  [
    "an execution is at work",
    { ...shut, executions: [execution("e1", "InProgress", "v1")] },
    { type: "stop-executions", executions: ["e1"], reason },
  ],
  [
    "two executions are under way",
    { ...shut, executions: [execution("e2", "InProgress"), execution("e1", "InProgress", "v1")] },
    { type: "stop-executions", executions: ["e2", "e1"] },
  ],
  [
    "an execution stops",
    { ...shut, executions: [execution("e1", "Stopping", "v1")] },
    { type: "wait", for: "execution" },
  ],
  ["nothing runs any more", stopped, { type: "observe", at: "app-stacks" }],
  [
    "applications are there",
    { ...stopped, appStacks: appStacks("CREATE_COMPLETE", "UPDATE_ROLLBACK_COMPLETE", "ROLLBACK_COMPLETE") },
    { type: "delete-app-stacks", stacks: [app("dev"), app("qa"), app("prod")] },
  ],
  [
    "an abandoned update goes on by itself",
    { ...stopped, appStacks: appStacks("UPDATE_IN_PROGRESS") },
    { type: "wait", for: "app-stacks" },
  ],
  [
    "one can be deleted and one is at work",
    { ...stopped, appStacks: appStacks("CREATE_COMPLETE", "UPDATE_IN_PROGRESS") },
    { type: "delete-app-stacks", stacks: [app("dev")] },
  ],
  [
    "applications are being deleted",
    { ...stopped, appStacks: appStacks("DELETE_IN_PROGRESS") },
    { type: "wait", for: "app-stacks" },
  ],
  [
    "a left-over of a change set",
    { ...stopped, appStacks: appStacks("REVIEW_IN_PROGRESS") },
    { type: "delete-app-stacks", stacks: [app("dev")] },
  ],
  [
    "a deletion failed, told by its event",
    { ...stopped, ...because("stack"), appStacks: appStacks("DELETE_FAILED") },
    {
      type: "rest",
      problem: { code: "TeardownBlocked", sentence: "Stacks could not be deleted: dev: no reason given" },
    },
  ],
  [
    "a deletion failed while another goes on",
    { ...stopped, ...because("stack"), appStacks: appStacks("DELETE_FAILED", "DELETE_IN_PROGRESS") },
    { type: "wait", for: "app-stacks" },
  ],
  [
    "a deletion failed, looked at again later",
    { ...stopped, ...because("sweep"), appStacks: appStacks("DELETE_FAILED") },
    { type: "delete-app-stacks", stacks: [app("dev")] },
  ],
  [
    "a deletion failed, and the empty object came again",
    { ...stopped, ...because("upload"), appStacks: appStacks("DELETE_FAILED") },
    { type: "delete-app-stacks", stacks: [app("dev")] },
  ],
  ["the applications are gone", { ...stopped, appStacks: gone }, { type: "delete-pipeline" }],
  [
    "the pipeline is being deleted",
    { ...noPipeline, pipeline: pipeline("DELETE_IN_PROGRESS") },
    { type: "wait", for: "stack" },
  ],
  [
    "the pipeline's deletion failed, told by its event",
    { ...noPipeline, ...because("stack"), pipeline: pipeline("DELETE_FAILED"), appStacks: gone },
    { type: "rest" },
  ],
  [
    "the pipeline's deletion failed, looked at later",
    { ...noPipeline, ...because("sweep"), pipeline: pipeline("DELETE_FAILED"), appStacks: gone },
    { type: "delete-pipeline" },
  ],
  ["the pipeline is gone, applications not looked at", noPipeline, { type: "observe", at: "app-stacks" }],
  [
    "the pipeline is gone, an application is not",
    { ...noPipeline, appStacks: appStacks("CREATE_COMPLETE") },
    { type: "delete-app-stacks" },
  ],
  ["all is gone, or never was", { ...noPipeline, appStacks: gone }, { type: "clear-cache" }],
  [
    "the pipeline is being created",
    { ...noPipeline, pipeline: pipeline("CREATE_IN_PROGRESS") },
    { type: "wait", for: "stack" },
  ],
  [
    "the pipeline could not be created",
    { ...noPipeline, pipeline: pipeline("ROLLBACK_COMPLETE"), appStacks: gone },
    { type: "delete-pipeline" },
  ],
];

describe("the teardown of a line", () => {
  it.each(rows)("takes the next step when %s", (_, seen, step) => {
    expect(decide(observation(seen))).toMatchObject(step);
  });

  const forbidden = { allowed: false, reason: "The branch reaches the protected prod." };
  const rejection = { type: "rest", problem: { code: "TombstoneRefused", sentence: forbidden.reason } };

  it.each([
    ["with a pipeline", open],
    [
      "with a release at work",
      { ...open, executions: [execution("e1", "InProgress", "v1")], stages: deploying("e1") },
    ],
    ["that has nothing", noPipeline],
  ])("is rejected for a protected line %s, without a change", (_, seen) => {
    expect(decide(observation({ ...seen, tombstone: forbidden }))).toMatchObject(rejection);
  });

  it("is finished even when the estate changes after its start", () => {
    expect(decide(observation({ ...stopped, tombstone: forbidden, appStacks: gone }))).toMatchObject({
      type: "delete-pipeline",
    });
  });
});

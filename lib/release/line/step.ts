/**
 * The next step of a line. Each step is safe to repeat, and `afterStep` names the event that brings the line
 * back.
 */

import type { ErrorCode } from "#release/errors/errors.ts";
import type { BlockedBy } from "./governor.ts";

type Problem = { readonly code: ErrorCode; readonly sentence: string };

/** A stack by its name, and the environment it is in. */
type StackLocation = { readonly environment: string; readonly name: string };

export type Step = {
  readonly why: string;
} /** `problem` is set when the line cannot continue: the artifact was rejected, or the failure needs a person. */ & (
  | { readonly type: "rest"; readonly problem?: Problem }
  | { readonly type: "wait"; readonly for: "stack" | "execution" | "app-stacks" }
  /** The line waits for a slot. The line that releases one wakes it. */
  | { readonly type: "wait-for-slot"; readonly position: number; readonly blockedBy: BlockedBy }
  /** Reads more and decides again at once; the next observation has the answer. */
  | { readonly type: "observe"; readonly at: "artifact" | "app-stacks" }
  /** line.json, release.zip, then CreateStack. */
  | { readonly type: "create-pipeline"; readonly digest: string; readonly token: string }
  /** release.zip, then UpdateStack. */
  | { readonly type: "update-pipeline"; readonly digest: string; readonly token: string }
  /** release.zip, then StartPipelineExecution on exactly that bundle. */
  | { readonly type: "start-execution"; readonly versionId: string; readonly token: string }
  | { readonly type: "stop-executions"; readonly executions: readonly string[]; readonly reason: string }
  | { readonly type: "disable-transition"; readonly stage: string; readonly reason: string }
  | { readonly type: "enable-transition"; readonly stage: string }
  | { readonly type: "delete-app-stacks"; readonly stacks: readonly StackLocation[]; readonly token: string }
  | { readonly type: "delete-pipeline"; readonly token: string }
  /** Removes the line's objects from the cache; the last step of a teardown. */
  | { readonly type: "clear-cache" }
);

export type StepType = Step["type"];

/**
 * The event that follows a step. `event`: AWS reports the end of the step, and the report brings the line
 * back. `again`: AWS reports nothing, so Kedge puts the line on its queue again. `decide`: Kedge decides
 * again at once. `end`: the line is done.
 */
export const afterStep = {
  rest: "end",
  wait: "event",
  "wait-for-slot": "event",
  observe: "decide",
  "create-pipeline": "event",
  "update-pipeline": "event",
  "start-execution": "event",
  "stop-executions": "event",
  "disable-transition": "again",
  "enable-transition": "again",
  "delete-app-stacks": "event",
  "delete-pipeline": "event",
  "clear-cache": "end",
} as const satisfies Record<StepType, "event" | "again" | "decide" | "end">;

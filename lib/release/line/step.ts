/** The one thing a line needs next. Each step is safe to repeat, and says what will bring the line back. */

import type { ErrorCode } from "#release/errors/errors.ts";
import type { BlockedBy } from "./governor.ts";

type Problem = { readonly code: ErrorCode; readonly sentence: string };

/** A stack by its name, and the environment it is in. */
type StackLocation = { readonly environment: string; readonly name: string };

export type Step = {
  readonly why: string;
} /** `problem` is set when the line cannot go on: a refusal, or a failure only somebody else can mend. */ & (
  | { readonly type: "rest"; readonly problem?: Problem }
  | { readonly type: "wait"; readonly for: "stack" | "execution" | "app-stacks" }
  /** It wants to begin, but it is not its turn: whoever makes room wakes it. */
  | { readonly type: "wait-for-turn"; readonly position: number; readonly blockedBy: BlockedBy }
  /** Look closer and decide again, at once: the next observation carries the answer. */
  | { readonly type: "look"; readonly at: "artifact" | "app-stacks" }
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
  /** Removes what the cache holds of the line; the last step of a teardown. */
  | { readonly type: "forget" }
);

export type StepType = Step["type"];

/**
 * What comes after a step. `event`: AWS will report its end, which brings the line back. `again`: nothing will be
 * reported, so the line has to be put on its queue again. `decide`: decide again now. `end`: nothing is left to do.
 */
export const afterStep = {
  rest: "end",
  wait: "event",
  "wait-for-turn": "event",
  look: "decide",
  "create-pipeline": "event",
  "update-pipeline": "event",
  "start-execution": "event",
  "stop-executions": "event",
  "disable-transition": "again",
  "enable-transition": "again",
  "delete-app-stacks": "event",
  "delete-pipeline": "event",
  forget: "end",
} as const satisfies Record<StepType, "event" | "again" | "decide" | "end">;

/** Computes the people of a result: the uploader of the version, and the approvers with their words. */
import type { Origin } from "#release/people/origin.ts";
import { actionNames } from "#release/plan/plan.ts";
import { actionLocation } from "#release/plan/plan-waves.ts";
import type { ActionRun, Execution } from "./observation.ts";
import type { Result, ResultDecision } from "./result.ts";

/** True for an approval with an answer. An approval that timed out has no decider. */
export const isDecided = ({ stage, action, status, decider }: ActionRun): boolean =>
  decider !== undefined &&
  (status === "Succeeded" || status === "Failed") &&
  actionLocation(stage, action).action === actionNames.approve;

/** All runs count: an approval that was rejected and retried has two answers. */
export const decisionsOf = ({ actions = [] }: Execution): readonly ResultDecision[] =>
  actions.flatMap((run) => decisionOf(run) ?? []);

/** `kedge approve` adds the digest of the clearance at the end of the words. */
const cleared = /\s*\(?clearance ([0-9a-f]{64})\)?$/;

function decisionOf(run: ActionRun): ResultDecision | undefined {
  const { stage, status, by, message = "", endedAt } = run;
  if (!isDecided(run) || by === undefined || endedAt === undefined) return undefined;
  const clearance = cleared.exec(message)?.[1];
  const words = message.replace(cleared, "");
  return {
    stage,
    decision: status === "Succeeded" ? "Approved" : "Rejected",
    by,
    ...(words !== "" && { words }),
    ...(clearance !== undefined && { clearance }),
    at: endedAt,
  };
}

const sameDecision = (one: ResultDecision, other: ResultDecision): boolean =>
  one.stage === other.stage && one.at === other.at;

/**
 * Adds the people that an earlier result had: the pipeline that knew a decision may be gone, and a record of an
 * upload is written once. The fields have the order of the shape, because results are compared by their text.
 */
export function withPeople(
  result: Result,
  before: Pick<Result, "upload" | "decisions"> | undefined,
  upload: Origin | undefined,
): Result {
  const { decisions = [], upload: _, updatedAt, ...rest } = result;
  const kept = (before?.decisions ?? []).filter((old) => !decisions.some((now) => sameDecision(old, now)));
  const all = [...kept, ...decisions].toSorted((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0));
  const origin = { ...upload, ...before?.upload };
  return {
    ...rest,
    ...(Object.keys(origin).length > 0 && { upload: origin }),
    ...(all.length > 0 && { decisions: all }),
    updatedAt,
  };
}

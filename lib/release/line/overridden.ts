/**
 * Records the overrides of stage conditions. CodePipeline shows the conditions of the last execution in a stage only, so
 * a later result takes over the overrides of an earlier one.
 */
import { lineName } from "#release/names/names.ts";
import type { LineEvent } from "./line-event.ts";
import type { Result, ResultStage } from "./result.ts";

/** The fields have the order of the shape, because results are compared by their text. */
export const asOverridden = ({ actions, ...stage }: ResultStage): ResultStage => ({
  ...stage,
  overridden: true,
  actions,
});

export function keepOverridden(result: Result, before: Result | undefined): Result {
  const held = heldBy(before, result);
  if (held.length === 0) return result;
  return {
    ...result,
    stages: result.stages.map((stage) => (held.includes(stage.name) ? asOverridden(stage) : stage)),
  };
}

const overriddenIn = (result: Result | undefined): readonly string[] =>
  (result?.stages ?? []).flatMap(({ name, overridden }) => (overridden === true ? [name] : []));

/** The overridden stages of the same execution in the earlier result. */
const heldBy = (before: Result | undefined, { execution }: Result): readonly string[] =>
  before?.execution === execution ? overriddenIn(before) : [];

/** One event for each stage whose condition was overridden since the earlier result. */
export function overrideEvents(before: Result | undefined, result: Result): readonly LineEvent[] {
  const held = heldBy(before, result);
  const { line } = result;
  return overriddenIn(result)
    .filter((name) => !held.includes(name))
    .map((stage) => ({
      schema: 1,
      type: "stage.overridden",
      key: result.key,
      ...(line && { line, name: lineName(line) }),
      version: result.version,
      code: result.reason.code,
      sentence: `A principal overrode a condition of the stage ${stage}, so the release went on while its rule refused it.`,
      remedy:
        "An operator finds the caller of OverrideStageCondition in CloudTrail. The policy scp-gates of kedge estate guardrails denies the call.",
      stage,
      ...(result.execution !== undefined && { execution: result.execution }),
      ...(result.pipeline && { consoleUrl: result.pipeline.consoleUrl }),
      at: result.updatedAt,
    }));
}

/**
 * The event that an anchor publishes when the result of an upload has changed in a way that people or programs wait
 * for. An event repeats no text that the result does not have.
 */
import { described, listOf, object, oneOf, optional, type ShapeOf, text } from "#release/document/shape.ts";
import { lineName } from "#release/names/names.ts";
import { clearanceVariables } from "#release/plan/gate.ts";
import { actionNames } from "#release/plan/plan.ts";
import { actionLocation } from "#release/plan/plan-waves.ts";
import { lineShape } from "#release/plan/release-document.ts";
import type { ActionRun, Execution } from "./observation.ts";
import type { Result } from "./result.ts";

/** The type of an event is its `detail-type`. */
const eventTypes = [
  "approval.waiting",
  "approval.refused",
  "clearance.broken",
  "stage.overridden",
  "released",
  "failed",
  "rejected",
  "superseded",
  "torn-down",
] as const;

export const lineEventShape = object({
  schema: oneOf(1),
  type: described("Also the detail-type of the event.", oneOf(...eventTypes)),
  key: described("The key of the upload.", text()),
  line: optional(lineShape),
  name: optional(described("The line in the names of pipelines.", text())),
  version: described("The version of the uploaded object.", text()),
  code: described("The code of the result's reason.", text()),
  sentence: text(),
  remedy: optional(text()),
  stage: optional(described("The stage that waits or failed.", text())),
  execution: optional(text()),
  consoleUrl: optional(text()),
  clearances: optional(
    described(
      "One for each environment that the approval is for.",
      listOf(
        object({
          environment: text(),
          clearance: described("The digest that a decision names.", text()),
          review: described("The page that an approver reads.", text()),
        }),
      ),
    ),
  ),
  at: described("ISO 8601, UTC.", text("a time", /^\d{4}-\d\d-\d\dT/)),
});

export type LineEvent = ShapeOf<typeof lineEventShape>;

/** Undefined when the change is no event: the same end in other words, or progress of a release. */
export function lineEventOf(
  before: Result | undefined,
  result: Result,
  execution: Execution | undefined,
): LineEvent | undefined {
  const type = typeOf(result);
  if (type === undefined || (before !== undefined && typeOf(before) === type && !asksAgain(before, result)))
    return undefined;
  const { line, reason } = result;
  const stage = stageOf(result);
  const clearances = clearancesIn(stage, execution?.actions ?? []);
  return {
    schema: 1,
    type,
    key: result.key,
    ...(line && { line, name: lineName(line) }),
    version: result.version,
    code: reason.code,
    sentence: reason.sentence,
    ...(reason.remedy !== undefined && { remedy: reason.remedy }),
    ...(stage !== undefined && { stage }),
    ...(result.execution !== undefined && { execution: result.execution }),
    ...(result.pipeline && { consoleUrl: result.pipeline.consoleUrl }),
    ...(type === "approval.waiting" && clearances.length > 0 && { clearances }),
    at: result.updatedAt,
  };
}

/** Codes of releases whose bytes, documents or change sets differ from the cleared ones. */
const broken: readonly string[] = [
  "ClearanceBroken",
  "AssetAltered",
  "EnvironmentTaken",
  "EnvironmentStopped",
];

function typeOf({ status, reason }: Result): LineEvent["type"] | undefined {
  switch (status) {
    case "waiting-for-approval":
      return "approval.waiting";
    case "failed":
      if (reason.code === "ApprovalRejected") return "approval.refused";
      return broken.includes(reason.code) ? "clearance.broken" : "failed";
    case "released":
    case "rejected":
    case "superseded":
    case "torn-down":
      return status;
    default:
      return undefined;
  }
}

/** The same version waits in another stage, or in another execution. */
const asksAgain = (before: Result, result: Result): boolean =>
  stageOf(before) !== stageOf(result) || before.execution !== result.execution;

/** The first stage that waits or failed. */
const stageOf = ({ stages }: Result): string | undefined =>
  stages.find(({ status }) => status === "InProgress" || status === "Failed")?.name;

const clearancesIn = (
  stage: string | undefined,
  runs: readonly ActionRun[],
): NonNullable<LineEvent["clearances"]> =>
  runs.flatMap((run) => {
    const { action, environment } = actionLocation(run.stage, run.action);
    const clearance = run.variables?.[clearanceVariables.digest];
    const review = run.variables?.[clearanceVariables.link];
    if (run.stage !== stage || action !== actionNames.prepare) return [];
    return clearance === undefined || review === undefined ? [] : [{ environment, clearance, review }];
  });
